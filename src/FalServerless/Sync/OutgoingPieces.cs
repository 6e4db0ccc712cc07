using System.Buffers;
using System.Net;
using FalServerless.Protocol.Http;
using Microsoft.Win32.SafeHandles;

namespace FalServerless.Sync;

/// <summary>
/// The body of a request that carries contents to the host: whole small ones one after the other, or a part of a large one.
/// </summary>
internal sealed class OutgoingPieces : HttpContent
{
    // What is read at once, and written at once: small files are gathered up to it.
    private const int PieceSize = 256 << 10;
    private const int BufferSize = PieceSize + ContentPiece.HeaderSize;

    private readonly IReadOnlyList<OutgoingContent> _contents;
    private readonly long _to;
    private readonly ProgressMeter _progress;
    private readonly CancellationToken _cancellationToken;

    /// <param name="contents">One, or several that are each taken whole.</param>
    /// <param name="to">Up to which byte of a single one.</param>
    /// <param name="progress">Is notified of what was sent.</param>
    /// <param name="cancellationToken">Ends the sending.</param>
    public OutgoingPieces(IReadOnlyList<OutgoingContent> contents, long to, ProgressMeter progress, CancellationToken cancellationToken)
    {
        _contents = contents;
        _to = to;
        _progress = progress;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Why the sending ended, if that was this side's fault.</summary>
    public Exception? Failure { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, _cancellationToken);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        var output = new GatheredWrites(stream, buffer);
        try
        {
            foreach (var content in _contents)
            {
                await WriteAsync(output, content, cancellationToken).ConfigureAwait(false);
            }

            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LocalFileChangedException or SyncException)
        {
            Failure = e;
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        foreach (var content in _contents)
        {
            var bytes = End(content) - content.Received;
            length += bytes + (Math.Max(1, (bytes + PieceSize - 1) / PieceSize) * ContentPiece.HeaderSize);
        }

        return true;
    }

    private long End(OutgoingContent content) => Math.Min(_to, content.Entry.Size);

    private async ValueTask WriteAsync(GatheredWrites output, OutgoingContent content, CancellationToken cancellationToken)
    {
        if (content.Entry.Size == 0)
        {
            new ContentPiece(content.Hash, 0, 0, 0).Write(
                await output.GetAsync(ContentPiece.HeaderSize, cancellationToken).ConfigureAwait(false)
            );
            return;
        }

        using var file = LocalContent.Open(content.Entry);
        for (var at = content.Received; at < End(content); )
        {
            cancellationToken.ThrowIfCancellationRequested();
            var length = (int)Math.Min(PieceSize, End(content) - at);
            Fill(
                content,
                file,
                at,
                length,
                await output.GetAsync(ContentPiece.HeaderSize + length, cancellationToken).ConfigureAwait(false)
            );
            at += length;
            _progress.AddSent(length, content.Count(at));
        }

        LocalContent.Check(content.Entry, file);
    }

    private static void Fill(OutgoingContent content, SafeFileHandle file, long at, int length, ArraySegment<byte> space)
    {
        new ContentPiece(content.Hash, content.Entry.Size, at, length).Write(space);
        LocalContent.ReadExactly(content.Entry, file, space.AsSpan(ContentPiece.HeaderSize), at);
    }

    /// <summary>Gathers what is small, so that the connection gets few large writes.</summary>
    private sealed class GatheredWrites(Stream stream, byte[] buffer)
    {
        private int _filled;

        /// <summary>Room for so many bytes, which count as written.</summary>
        public async ValueTask<ArraySegment<byte>> GetAsync(int length, CancellationToken cancellationToken)
        {
            if (buffer.Length - _filled < length)
            {
                await FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            var space = new ArraySegment<byte>(buffer, _filled, length);
            _filled += length;
            return space;
        }

        public async ValueTask FlushAsync(CancellationToken cancellationToken)
        {
            await stream.WriteAsync(buffer.AsMemory(0, _filled), cancellationToken).ConfigureAwait(false);
            _filled = 0;
        }
    }
}
