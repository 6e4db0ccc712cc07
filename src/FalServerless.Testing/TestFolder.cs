using FalServerless.Hosts;
using FalServerless.Internal;

namespace FalServerless.Testing;

/// <summary>Removes what tests have left in a folder, folders that may not be changed included.</summary>
internal static class TestFolder
{
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
        if ((folder.UnixFileMode & PrivateFiles.OwnersFolder) != PrivateFiles.OwnersFolder)
        {
            folder.UnixFileMode |= PrivateFiles.OwnersFolder;
        }

        foreach (var child in folder.EnumerateDirectories().Where(child => child.LinkTarget is null))
        {
            MakeChangeable(child);
        }
    }
}
