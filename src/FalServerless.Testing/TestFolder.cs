using FalServerless.Hosts;

namespace FalServerless.Testing;

/// <summary>Removes what tests have left in a folder, folders that may not be changed included.</summary>
internal static class TestFolder
{
    private const UnixFileMode Changing = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static void Remove(string path)
    {
        if (!OperatingSystem.IsWindows() && Directory.Exists(path))
        {
            MakeChangeable(new(path));
        }

        PrivateFolder.Delete(path);
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void MakeChangeable(DirectoryInfo folder)
    {
        if ((folder.UnixFileMode & Changing) != Changing)
        {
            folder.UnixFileMode |= Changing;
        }

        foreach (var child in folder.EnumerateDirectories().Where(child => child.LinkTarget is null))
        {
            MakeChangeable(child);
        }
    }
}
