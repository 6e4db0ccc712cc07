namespace FalServerless.Capture;

/// <summary>A package or project of the program, as its list of dependencies (<c>.deps.json</c>) has it.</summary>
/// <param name="name">Of the package or project.</param>
/// <param name="folders">Where its files may be: beside the list, or in a folder of packages.</param>
/// <param name="assemblies">The simple names of its assemblies.</param>
/// <param name="natives">Its native libraries, for all platforms.</param>
/// <param name="dependencies">The names of what it needs.</param>
internal sealed class ProgramLibrary(
    string name,
    List<string> folders,
    List<string> assemblies,
    List<NativeAsset> natives,
    List<string> dependencies
)
{
    public string Name => name;

    public IReadOnlyList<string> Assemblies => assemblies;

    public IReadOnlyList<NativeAsset> Natives => natives;

    public IReadOnlyList<string> Dependencies => dependencies;

    /// <summary>The folder of the program's own files.</summary>
    public string Folder => folders[0];

    /// <summary>Whether every worker has it by itself.</summary>
    public bool IsShared => assemblies.Exists(AssemblyFile.IsFrameworkName);

    /// <summary>
    /// The file of a native library; null where it was not copied, as for another platform than the one that the program was published for.
    /// </summary>
    public string? FileOf(NativeAsset asset)
    {
        foreach (var folder in folders)
        {
            // A program that is published for one platform has them all beside it.
            foreach (var path in new[] { Path.Combine(folder, asset.Path), Path.Combine(folder, Path.GetFileName(asset.Path)) })
            {
                if (File.Exists(path))
                {
                    return path;
                }
            }
        }

        return null;
    }
}
