using System.Buffers;
using System.Security.Cryptography;
using FalServerless.Protocol;
using Microsoft.Win32.SafeHandles;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>Hashes what is in files.</summary>
internal static class ContentHashing
{
    private const int BufferSize = 256 << 10;

    /// <summary>The hash of the whole file.</summary>
    public static ContentHash Of(SafeFileHandle file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, file, long.MaxValue, cancellationToken);
        return Finish(hash);
    }

    /// <summary>Adds the first bytes of a file.</summary>
    /// <returns>How many there were.</returns>
    public static long Append(IncrementalHash hash, SafeFileHandle file, long length, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long done = 0;
            while (
                done < length
                && RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - done)), done) is > 0 and var read
            )
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(buffer.AsSpan(0, read));
                done += read;
            }

            return done;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static ContentHash Finish(IncrementalHash hash)
    {
        Span<byte> bytes = stackalloc byte[ContentHash.Size];
        hash.GetHashAndReset(bytes);
        return ContentHash.From(bytes);
    }
}
