using System.Collections.Frozen;

namespace FalServerless.Runtime.Environments;

/// <summary>The files of one environment: the packages' in a folder of their own, and the manifest.</summary>
internal static class EnvironmentFolder
{
    private const string ManifestName = "manifest.json";

    public static string Packages(string folder) => Path.Combine(folder, "packages");

    /// <summary>The last step of a build.</summary>
    public static void Complete(
        string folder,
        EnvironmentDefinition definition,
        IReadOnlyList<ResolvedPackage> packages,
        DateTimeOffset now
    )
    {
        var root = Directory.CreateDirectory(Packages(folder));
        new EnvironmentManifest
        {
            Key = definition.Key.ToString(),
            Requirements = definition.Normalized,
            Framework = EnvironmentPlatform.Framework,
            RuntimeIdentifier = EnvironmentPlatform.RuntimeIdentifier,
            Packages = packages,
            Files =
            [
                .. root.EnumerateFiles("*", SearchOption.AllDirectories)
                    .Select(file => new EnvironmentFile(Path.GetRelativePath(root.FullName, file.FullName).Replace('\\', '/'), file.Length))
                    .OrderBy(file => file.Path, StringComparer.Ordinal),
            ],
            Made = now,
        }.Write(Path.Combine(folder, ManifestName));
    }

    /// <returns>Null where there is none.</returns>
    public static EnvironmentManifest? Read(string folder) => EnvironmentManifest.Read(Path.Combine(folder, ManifestName));

    /// <summary>Whether the folder is what its manifest says, and that is what was asked for.</summary>
    public static bool IsWhole(string folder, EnvironmentManifest manifest, EnvironmentDefinition definition) =>
        manifest.Key == definition.Key.ToString()
        && manifest.Requirements.SequenceEqual(definition.Normalized)
        && manifest.Files.Count == Directory.EnumerateFiles(Packages(folder), "*", SearchOption.AllDirectories).Count()
        && manifest.Files.All(file =>
            file.Path is { Length: > 0 } path
            && !path.Split('/').Contains("..")
            && new FileInfo(Path.Combine(Packages(folder), path)) is { Exists: true } found
            && found.Length == file.Size
        );

    /// <summary>
    /// The simple names of the assemblies, those for single cultures left out: they go with the ones that they belong to.
    /// </summary>
    public static IReadOnlySet<string> AssemblyNames(EnvironmentManifest manifest) =>
        manifest
            .Files.Where(file => !file.Path.Contains('/') && file.Path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            .Select(file => Path.GetFileNameWithoutExtension(file.Path))
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
