namespace FalServerless.Capture;

/// <summary>The texts of cultures that lie beside assemblies: <c>de/Shop.resources.dll</c>, for every culture that there is.</summary>
internal static class SatelliteFiles
{
    private const string Extension = ".resources.dll";

    // Names of cultures are this long at most: qps-ploc-x-something is made up by nobody who ships it.
    private const int LongestCulture = 20;

    public static IEnumerable<(string Culture, string Path)> Of(IEnumerable<AssemblyFile> assemblies)
    {
        foreach (var together in assemblies.GroupBy(assembly => Path.GetDirectoryName(assembly.Path)!, StringComparer.Ordinal))
        {
            var names = together.Select(assembly => assembly.Name + Extension).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var culture in Cultures(together.Key))
            {
                foreach (var path in Directory.EnumerateFiles(culture.FullName, "*" + Extension).Where(path => names.Contains(Path.GetFileName(path))))
                {
                    yield return (culture.Name, path);
                }
            }
        }
    }

    private static IEnumerable<DirectoryInfo> Cultures(string folder) =>
        new DirectoryInfo(folder)
            .EnumerateDirectories("*", new EnumerationOptions { IgnoreInaccessible = true })
            .Where(candidate => candidate.Name is { Length: >= 2 and <= LongestCulture } name && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'));
}
