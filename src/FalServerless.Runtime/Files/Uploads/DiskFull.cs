namespace FalServerless.Runtime.Files.Uploads;

/// <summary>Tells that a disk is full from all else that may go wrong with a file.</summary>
internal static class DiskFull
{
    // ENOSPC, EFBIG, and EDQUOT of Linux and macOS; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL.
    private static readonly int[] Unix = [28, 27, 122, 69];
    private static readonly int[] Windows = [39, 112];

    public static bool Is(Exception exception) =>
        exception is IOException && (OperatingSystem.IsWindows() ? Windows : Unix).Contains(exception.HResult & 0xFFFF);

    /// <param name="exception">What the file system said.</param>
    /// <param name="directory">A folder on that disk.</param>
    /// <param name="path">Of the entry that found no room, where that is known.</param>
    public static DataException ToDataException(Exception exception, string directory, string? path) =>
        new(
            DataFault.Full,
            $"The disk of the host's /data is full: {Free(directory)}. Nothing in /data has changed. Make room there, or upload less, "
                + $"and upload again: what has arrived need not be sent again.",
            path,
            exception
        );

    private static string Free(string directory)
    {
        try
        {
            return $"{new DriveInfo(directory).AvailableFreeSpace / 1e6:N1} MB of it are free";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "no room is left";
        }
    }
}
