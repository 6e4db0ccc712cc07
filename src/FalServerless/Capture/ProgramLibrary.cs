namespace FalServerless.Capture;

/// <summary>A package or project of the program, as its list of dependencies (<c>.deps.json</c>) has it.</summary>
/// <param name="Name">Of the package or project.</param>
/// <param name="Folders">Where its files may lie: beside the list, or in a folder of packages.</param>
/// <param name="Assemblies">The simple names of its assemblies.</param>
/// <param name="Natives">Its native libraries, for all platforms.</param>
/// <param name="Dependencies">The names of what it needs.</param>
internal sealed record ProgramLibrary(
    string Name,
    IReadOnlyList<string> Folders,
    IReadOnlyList<string> Assemblies,
    IReadOnlyList<NativeAsset> Natives,
    IReadOnlyList<string> Dependencies)
{
    /// <summary>The file of a native library; null where it was not copied, as for another platform than the one that the program was published for.</summary>
    public string? FileOf(NativeAsset asset) =>
        Folders.SelectMany(folder => new[] { Path.Combine(folder, asset.Path), Path.Combine(folder, Path.GetFileName(asset.Path)) }).FirstOrDefault(File.Exists);
}
