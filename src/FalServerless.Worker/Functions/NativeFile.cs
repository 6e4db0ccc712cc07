namespace FalServerless.Worker.Functions;

/// <summary>Finds a native library by a name that may lack what the system puts before or behind it.</summary>
internal static class NativeFile
{
    private static readonly string Suffix =
        OperatingSystem.IsWindows() ? ".dll"
        : OperatingSystem.IsMacOS() ? ".dylib"
        : ".so";

    /// <summary>Where the library is in a folder; null where it is missing.</summary>
    public static string? Find(string folder, string name) =>
        Path.GetFileName(name) == name ? NamesOf(name).Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists) : null;

    /// <summary>The names that its file may have.</summary>
    public static string[] NamesOf(string name) => [name, name + Suffix, $"lib{name}{Suffix}", $"lib{name}"];
}
