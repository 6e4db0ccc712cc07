using System.Buffers;
using System.Security.Cryptography;
using FalServerless.Protocol;
using Microsoft.Win32.SafeHandles;

namespace FalServerless.Sync;

/// <summary>Reads files that may be changed meanwhile.</summary>
internal static class LocalContent
{
    private const int BufferSize = 256 << 10;

    /// <exception cref="LocalFileChangedException">The file is not what the entry says any more.</exception>
    /// <exception cref="SyncException">The file cannot be read.</exception>
    public static ContentHash Hash(LocalEntry entry, CancellationToken cancellationToken)
    {
        // Nothing need be read, and what looks empty may be something that never ends.
        if (entry.Size == 0)
        {
            return ContentHash.Of([]);
        }

        using var file = Open(entry);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(BufferSize, entry.Size));
        try
        {
            for (long at = 0; at < entry.Size; )
            {
                cancellationToken.ThrowIfCancellationRequested();
                var read = Read(entry, file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, entry.Size - at)), at);
                hash.AppendData(buffer.AsSpan(0, read));
                at += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        Check(entry, file);
        Span<byte> bytes = stackalloc byte[ContentHash.Size];
        hash.GetHashAndReset(bytes);
        return ContentHash.From(bytes);
    }

    /// <exception cref="LocalFileChangedException">The file is gone.</exception>
    /// <exception cref="SyncException">The file cannot be read.</exception>
    public static SafeFileHandle Open(LocalEntry entry)
    {
        try
        {
            return File.OpenHandle(entry.FullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LocalFileChangedException(entry);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new SyncException($"The file '{entry.FullPath}' cannot be read: {e.Message} Nothing is uploaded.", entry.FullPath, e);
        }
    }

    /// <summary>Fills the buffer.</summary>
    /// <exception cref="LocalFileChangedException">The file ends before.</exception>
    public static void ReadExactly(LocalEntry entry, SafeFileHandle file, Span<byte> buffer, long at)
    {
        while (!buffer.IsEmpty)
        {
            var read = Read(entry, file, buffer, at);
            buffer = buffer[read..];
            at += read;
        }
    }

    /// <exception cref="LocalFileChangedException">The file is not what the entry says any more.</exception>
    public static void Check(LocalEntry entry, SafeFileHandle file)
    {
        if (RandomAccess.GetLength(file) != entry.Size || File.GetLastWriteTimeUtc(file) != entry.Modified)
        {
            throw new LocalFileChangedException(entry);
        }
    }

    private static int Read(LocalEntry entry, SafeFileHandle file, Span<byte> buffer, long at)
    {
        try
        {
            return RandomAccess.Read(file, buffer, at) is > 0 and var read ? read : throw new LocalFileChangedException(entry);
        }
        catch (IOException e)
        {
            throw new SyncException($"The file '{entry.FullPath}' cannot be read: {e.Message} Nothing is uploaded.", entry.FullPath, e);
        }
    }
}
