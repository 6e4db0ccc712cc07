namespace FalServerless.Capture;

/// <summary>
/// The folders of cultures that are beside assemblies, with the texts for these: <c>de/Shop.resources.dll</c>, for every culture that there
/// is.
/// </summary>
internal sealed class SatelliteFiles
{
    private const string Extension = ".resources.dll";

    // No culture that is shipped has a longer name.
    private const int LongestCulture = 20;

    // The paths of all texts in the folders of cultures of a folder.
    private readonly Dictionary<string, List<string>> _folders = new(StringComparer.Ordinal);

    /// <summary>The paths of an assembly's texts. The last folder in each is the culture.</summary>
    public IEnumerable<string> Of(AssemblyFile assembly)
    {
        var folder = Path.GetDirectoryName(assembly.Path)!;
        if (!_folders.TryGetValue(folder, out var texts))
        {
            _folders.Add(folder, texts = In(folder));
        }

        foreach (var path in texts)
        {
            if (string.Equals(Path.GetFileName(path), assembly.Name + Extension, StringComparison.OrdinalIgnoreCase))
            {
                yield return path;
            }
        }
    }

    private static List<string> In(string folder)
    {
        var texts = new List<string>();
        foreach (var candidate in Directory.EnumerateDirectories(folder))
        {
            if (IsCulture(Path.GetFileName(candidate)))
            {
                try
                {
                    texts.AddRange(Directory.GetFiles(candidate, "*" + Extension));
                }
                catch (UnauthorizedAccessException)
                {
                    // Not a folder that the program could use either.
                }
            }
        }

        return texts;
    }

    private static bool IsCulture(string name)
    {
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter != '-')
            {
                return false;
            }
        }

        return name.Length is >= 2 and <= LongestCulture;
    }
}
