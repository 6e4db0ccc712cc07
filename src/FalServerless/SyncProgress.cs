namespace FalServerless;

/// <summary>How far an upload or a download is. Files that the other side has already count as done.</summary>
/// <param name="FilesDone">Files that are there, whole.</param>
/// <param name="FilesTotal">Files in all; it grows while folders are still being read.</param>
/// <param name="BytesDone">Bytes of those files and of the ones on their way.</param>
/// <param name="BytesTotal">Bytes of all files; it grows as <paramref name="FilesTotal"/> does.</param>
/// <param name="BytesSent">Bytes that have crossed the connection, repeated ones included; zero where nothing had to.</param>
/// <param name="BytesPerSecond">The bytes that crossed the connection, over the time since the first did; zero before.</param>
public readonly record struct SyncProgress(
    long FilesDone,
    long FilesTotal,
    long BytesDone,
    long BytesTotal,
    long BytesSent,
    double BytesPerSecond
);
