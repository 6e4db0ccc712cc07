using FalServerless.Protocol;

namespace FalServerless.Runtime.Environments;

/// <summary>
/// Who may do what with an environment, across processes: a lock file for each key, held alone to build or remove, together to use. The
/// kernel lets go of the lock when its holder ends, however that is. The files stay: a process that removed one could take it from another
/// who has just opened it.
/// </summary>
internal sealed class EnvironmentLocks(string directory)
{
    private const int SharingViolation = 32;
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    /// <summary>Null when others use, build or remove it.</summary>
    public FileStream? TryOwn(ContentHash key) => TryOpen(key, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Null when somebody builds or removes it.</summary>
    public FileStream? TryShare(ContentHash key) => TryOpen(key, FileAccess.Read, FileShare.Read);

    /// <summary>Notes that the environment is used now.</summary>
    public void Touch(ContentHash key, DateTimeOffset now)
    {
        try
        {
            File.SetLastWriteTimeUtc(PathOf(key), now.UtcDateTime);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It only decides which one is first.
        }
    }

    public DateTimeOffset LastUsed(ContentHash key) => new(File.GetLastWriteTimeUtc(PathOf(key)), TimeSpan.Zero);

    private string PathOf(ContentHash key) => Path.Combine(directory, key + ".lock");

    private FileStream? TryOpen(ContentHash key, FileAccess access, FileShare share)
    {
        try
        {
            if (access == FileAccess.Read && !File.Exists(PathOf(key)))
            {
                TryOwn(key)?.Dispose();
            }

            return new FileStream(
                PathOf(key),
                access == FileAccess.Read ? FileMode.Open : FileMode.OpenOrCreate,
                access,
                share,
                bufferSize: 0
            );
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) is SharingViolation or LinuxWouldBlock or MacWouldBlock)
        {
            return null;
        }
    }
}
