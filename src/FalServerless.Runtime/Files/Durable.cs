using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using FalServerless.Runtime.Files.Folders;

namespace FalServerless.Runtime.Files;

/// <summary>Flushes what was written to the disk, so that it survives a loss of power.</summary>
internal static partial class Durable
{
    public static void FlushFile(string path)
    {
        // To read does on Unix; Windows wants more.
        using var file = File.OpenHandle(
            path,
            access: OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read,
            share: FileShare.ReadWrite | FileShare.Delete
        );
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>The names in a folder, which do not go with the files. Windows keeps them by itself.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = LinuxCalls.Open([.. Encoding.UTF8.GetBytes(path), 0], LinuxCalls.ReadOnly, 0);
        if (folder < 0)
        {
            throw Failed(path);
        }

        try
        {
            if (Flush(folder) != 0)
            {
                throw Failed(path);
            }
        }
        finally
        {
            _ = LinuxCalls.Close(folder);
        }
    }

    private static IOException Failed(string path) =>
        new($"The folder '{path}' could not be written to the disk: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int file);
}
