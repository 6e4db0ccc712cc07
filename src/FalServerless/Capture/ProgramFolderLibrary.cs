using FalServerless.Protocol;

namespace FalServerless.Capture;

/// <summary>What a program that was built without a list of its dependencies consists of: the assemblies and native libraries that lie in its folder.</summary>
internal static class ProgramFolderLibrary
{
    private static readonly string[] Extensions = OperatingSystem.IsWindows() ? [".dll"] : OperatingSystem.IsMacOS() ? [".dylib"] : [".so"];

    public static IEnumerable<ProgramLibrary> Read()
    {
        var folder = AppContext.BaseDirectory;
        var assemblies = AssemblyFile.Trusted.Where(path => Path.GetDirectoryName(path) == Path.TrimEndingDirectorySeparator(folder)).ToHashSet(StringComparer.Ordinal);
        var natives = Directory.EnumerateFiles(folder)
            .Where(path => Array.Exists(Extensions, extension => Path.GetFileName(path).Contains(extension, StringComparison.Ordinal)) && !assemblies.Contains(path))
            .Select(path => new NativeAsset(Path.GetFileName(path), NativePlatforms.Own));
        return
        [
            new(
                Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)),
                [folder],
                [.. assemblies.Select(path => Path.GetFileNameWithoutExtension(path)).Where(name => !AssemblyFile.IsFrameworkName(name))],
                [.. natives],
                []),
        ];
    }
}
