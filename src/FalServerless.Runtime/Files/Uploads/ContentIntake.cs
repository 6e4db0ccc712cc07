using System.Buffers;
using System.IO.Pipelines;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>Receives the pieces of one request. What has arrived before a failure stays, unless it is what fills the disk.</summary>
internal sealed class ContentIntake(ContentInbox inbox, TimeProvider time) : IDisposable
{
    private IncomingContent? _open;
    private PackWriter? _pack;

    /// <exception cref="ProtocolException">The request is malformed.</exception>
    /// <exception cref="DataException">A piece does not follow what is here, a content is not what its hash says, or the disk is
    /// full.</exception>
    public async Task TakeAsync(PipeReader body, CancellationToken cancellationToken)
    {
        var pieces = new PieceReader(body);
        try
        {
            while (await pieces.NextAsync(cancellationToken) is { } piece)
            {
                await (
                    piece.Length == piece.Size
                        ? TakeWholeAsync(piece, pieces, cancellationToken)
                        : TakePartAsync(piece, pieces, cancellationToken)
                );
            }
        }
        catch (IOException e) when (DiskFull.Is(e))
        {
            _open?.Discard();
            _pack?.Discard();
            throw DiskFull.ToDataException(e, inbox.Path, path: null);
        }
    }

    public void Dispose()
    {
        _open?.Dispose();
        _pack?.Dispose();
    }

    // A small file: its hash is checked before anything is written, and no other upload need wait for it.
    private async Task TakeWholeAsync(ContentPiece piece, PieceReader pieces, CancellationToken cancellationToken)
    {
        if (inbox.Find(piece.Content) is not null)
        {
            await pieces.SkipAsync(cancellationToken);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(ContentPiece.HeaderSize + piece.Length);
        try
        {
            piece.Write(buffer);
            var filled = ContentPiece.HeaderSize;
            while (await pieces.ReadAsync(cancellationToken) is { IsEmpty: false } bytes)
            {
                bytes.CopyTo(buffer.AsSpan(filled));
                filled += (int)bytes.Length;
                pieces.Advance(bytes);
            }

            Keep(piece, buffer.AsSpan(0, filled));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Keep(ContentPiece piece, ReadOnlySpan<byte> bytes)
    {
        var actual = ContentHash.Of(bytes[ContentPiece.HeaderSize..]);
        if (actual != piece.Content)
        {
            throw new DataException(
                DataFault.Mismatch,
                $"What was sent as the content {piece.Content} has the hash {actual}. It is not kept; the file was changed while it "
                    + $"was read, or on its way."
            );
        }

        _pack ??= inbox.Packed.Begin();
        _pack.Add(piece, bytes);
    }

    private async Task TakePartAsync(ContentPiece piece, PieceReader pieces, CancellationToken cancellationToken)
    {
        if (_open?.Content != piece.Content)
        {
            _open?.Dispose();
            _open = null;
            _open = inbox.Find(piece.Content) is null
                ? await IncomingContent.OpenAsync(inbox, piece.Content, time, cancellationToken)
                : null;
        }

        if (_open is null)
        {
            await pieces.SkipAsync(cancellationToken);
            return;
        }

        if (piece.Offset > _open.Length)
        {
            throw new DataException(
                DataFault.Conflict,
                $"The piece at {piece.Offset} of the content {piece.Content} does not follow what is here, {_open.Length} bytes. Send "
                    + $"what comes between first."
            );
        }

        await AppendAsync(_open, piece, pieces, cancellationToken);
        if (_open.Length >= piece.Size)
        {
            _open.Complete();
            _open.Dispose();
            _open = null;
        }
    }

    private static async Task AppendAsync(
        IncomingContent content,
        ContentPiece piece,
        PieceReader pieces,
        CancellationToken cancellationToken
    )
    {
        var at = piece.Offset;
        while (await pieces.ReadAsync(cancellationToken) is { IsEmpty: false } bytes)
        {
            // What was sent before is passed over.
            var known = Math.Clamp(content.Length - at, 0, bytes.Length);
            if (known < bytes.Length)
            {
                await content.AppendAsync(bytes.Slice(known));
            }

            at += bytes.Length;
            pieces.Advance(bytes);
        }
    }
}
