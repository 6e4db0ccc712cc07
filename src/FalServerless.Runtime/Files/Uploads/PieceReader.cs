using System.Buffers;
using System.IO.Pipelines;
using FalServerless.Protocol.Http;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>Reads the pieces of a request's body, one after the other, without holding more of one than what has just arrived.</summary>
internal sealed class PieceReader(PipeReader body)
{
    private long _left;

    /// <summary>The next piece, once all bytes of the one before are read; null at the end.</summary>
    /// <exception cref="ProtocolException">The body ends within a header, or the header is malformed.</exception>
    public async ValueTask<ContentPiece?> NextAsync(CancellationToken cancellationToken)
    {
        var read = await body.ReadAtLeastAsync(ContentPiece.HeaderSize, cancellationToken);
        if (read.Buffer.Length < ContentPiece.HeaderSize)
        {
            body.AdvanceTo(read.Buffer.End);
            return read.Buffer.IsEmpty ? null : throw Truncated();
        }

        var piece = Read(read.Buffer.Slice(0, ContentPiece.HeaderSize));
        body.AdvanceTo(read.Buffer.GetPosition(ContentPiece.HeaderSize));
        _left = piece.Length;
        return piece;
    }

    /// <summary>Some more bytes of the piece, valid until <see cref="Advance"/>; empty at its end.</summary>
    /// <exception cref="ProtocolException">The body ends within the piece.</exception>
    public async ValueTask<ReadOnlySequence<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        if (_left == 0)
        {
            return default;
        }

        var read = await body.ReadAsync(cancellationToken);
        return read.Buffer.Length >= _left ? read.Buffer.Slice(0, _left)
            : !read.Buffer.IsEmpty ? read.Buffer
            : throw Truncated();
    }

    public void Advance(in ReadOnlySequence<byte> bytes)
    {
        _left -= bytes.Length;
        body.AdvanceTo(bytes.End);
    }

    /// <summary>Passes over the rest of the piece.</summary>
    public async ValueTask SkipAsync(CancellationToken cancellationToken)
    {
        while (await ReadAsync(cancellationToken) is { IsEmpty: false } bytes)
        {
            Advance(bytes);
        }
    }

    private static ContentPiece Read(in ReadOnlySequence<byte> bytes)
    {
        Span<byte> header = stackalloc byte[ContentPiece.HeaderSize];
        bytes.CopyTo(header);
        return ContentPiece.Read(header);
    }

    private static ProtocolException Truncated() => new("The pieces of content end in the middle of one. What had arrived before is kept.");
}
