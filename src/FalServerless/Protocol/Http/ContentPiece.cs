using System.Buffers.Binary;

namespace FalServerless.Protocol.Http;

/// <summary>
/// Precedes each piece of a file's content: the SHA-256 of the whole content (32 bytes), the content's size (8, little-endian), where
/// in it the piece begins (8), and the piece's length (4). A content that is empty has one empty piece. The pieces of one content come in
/// order; those of others may come between.
/// </summary>
internal readonly record struct ContentPiece(ContentHash Content, long Size, long Offset, int Length)
{
    public const int HeaderSize = ContentHash.Size + 20;

    private bool IsPossible =>
        Size >= 0
        && Offset >= 0
        && Length is >= 0 and <= ProtocolLimits.MaximumPiece
        && Offset <= Size - Length
        && (Length > 0 || Size == 0);

    public void Write(Span<byte> destination)
    {
        var content = Content;
        content.Bytes.CopyTo(destination);
        BinaryPrimitives.WriteInt64LittleEndian(destination[ContentHash.Size..], Size);
        BinaryPrimitives.WriteInt64LittleEndian(destination[(ContentHash.Size + 8)..], Offset);
        BinaryPrimitives.WriteInt32LittleEndian(destination[(ContentHash.Size + 16)..], Length);
    }

    /// <exception cref="ProtocolException">The piece is none that a content may have.</exception>
    public static ContentPiece Read(ReadOnlySpan<byte> source)
    {
        var piece = Decode(source);
        return piece.IsPossible
            ? piece
            : throw new ProtocolException(
                $"A piece of {piece.Length} bytes at {piece.Offset} of {piece.Size} cannot be; it takes 1 to "
                    + $"{ProtocolLimits.MaximumPiece} bytes within its content."
            );
    }

    /// <returns>Null where the piece is none that a content may have.</returns>
    public static ContentPiece? TryRead(ReadOnlySpan<byte> source) => Decode(source) is { IsPossible: true } piece ? piece : null;

    private static ContentPiece Decode(ReadOnlySpan<byte> source) =>
        new(
            ContentHash.From(source[..ContentHash.Size]),
            BinaryPrimitives.ReadInt64LittleEndian(source[ContentHash.Size..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[(ContentHash.Size + 8)..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[(ContentHash.Size + 16)..])
        );
}
