namespace FalServerless.Runtime.Files.Uploads;

/// <summary>A file that is held alone over all processes. The kernel lets go of it when its holder ends, however that is.</summary>
internal static class FileLock
{
    private const int SharingViolation = 32;
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    /// <summary>Null while another holds it.</summary>
    public static FileStream? TryOpen(string path)
    {
        try
        {
            // Elsewhere than on Windows only sharing nothing holds a file alone, and there only sharing its removal lets it be renamed.
            return new FileStream(
                path,
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None,
                bufferSize: 0
            );
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) is SharingViolation or LinuxWouldBlock or MacWouldBlock)
        {
            return null;
        }
    }
}
