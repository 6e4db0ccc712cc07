using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FalServerless.Protocol;

/// <summary>The SHA-256 of some content, which is its name everywhere.</summary>
[InlineArray(Size)]
internal struct ContentHash : IEquatable<ContentHash>
{
    public const int Size = SHA256.HashSizeInBytes;

    private byte _first;

    public static ContentHash Of(ReadOnlySpan<byte> content)
    {
        var hash = default(ContentHash);
        SHA256.HashData(content, hash.Bytes);
        return hash;
    }

    public static ContentHash Of(Stream content)
    {
        var hash = default(ContentHash);
        SHA256.HashData(content, hash.Bytes);
        return hash;
    }

    /// <summary>The hash that these bytes are.</summary>
    /// <exception cref="ProtocolException">There are not exactly 32 of them.</exception>
    public static ContentHash From(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ProtocolException($"A content hash takes {Size} bytes, not {bytes.Length}.");
        }

        var hash = default(ContentHash);
        bytes.CopyTo(hash.Bytes);
        return hash;
    }

    public static bool TryParse(ReadOnlySpan<char> hex, out ContentHash hash)
    {
        hash = default;
        return hex.Length == 2 * Size
            && Convert.FromHexString(hex, hash.Bytes, out _, out var written) == System.Buffers.OperationStatus.Done
            && written == Size;
    }

    [UnscopedRef]
    public Span<byte> Bytes => MemoryMarshal.CreateSpan(ref _first, Size);

    public static bool operator ==(ContentHash left, ContentHash right) => left.Equals(right);

    public static bool operator !=(ContentHash left, ContentHash right) => !left.Equals(right);

    public readonly bool Equals(ContentHash other) => ((ReadOnlySpan<byte>)this).SequenceEqual(other);

    public override readonly bool Equals(object? obj) => obj is ContentHash other && Equals(other);

    /// <summary>A hash is evenly spread already: its first bytes are as good as any mixture.</summary>
    public override readonly int GetHashCode() => MemoryMarshal.Read<int>(this);

    public override readonly string ToString() => Convert.ToHexStringLower(this);
}
