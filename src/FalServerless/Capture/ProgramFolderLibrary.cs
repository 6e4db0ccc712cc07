using FalServerless.Protocol;

namespace FalServerless.Capture;

/// <summary>
/// What a program that was built without a list of its dependencies consists of: the assemblies and native libraries that are in its
/// folder.
/// </summary>
internal static class ProgramFolderLibrary
{
    private static readonly string Extension =
        OperatingSystem.IsWindows() ? ".dll"
        : OperatingSystem.IsMacOS() ? ".dylib"
        : ".so";

    public static IReadOnlyList<ProgramLibrary> Read()
    {
        var folder = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var assemblies = AssemblyFile.Trusted.Where(path => Path.GetDirectoryName(path) == folder).ToHashSet(StringComparer.Ordinal);
        if (assemblies.Any(AssemblyFile.IsFrameworkPath))
        {
            // The folder of the runtime itself, in a program that has no other.
            return [];
        }

        var natives = Directory
            .EnumerateFiles(folder)
            .Where(path => Path.GetFileName(path).Contains(Extension, StringComparison.Ordinal) && !assemblies.Contains(path))
            .Select(path => new NativeAsset(Path.GetFileName(path), NativePlatforms.Own));
        var names = assemblies.Select(path => Path.GetFileNameWithoutExtension(path)).Where(name => !AssemblyFile.IsFrameworkName(name));
        return [new(Path.GetFileName(folder), [folder], [.. names], [.. natives], [])];
    }
}
