using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using FalServerless.Protocol.Http;

namespace FalServerless.Transport;

/// <summary>A request's head and its payload, sent piece by piece as they lie in memory; as often as needed.</summary>
internal sealed class RequestContent : HttpContent
{
    private static readonly MediaTypeHeaderValue MessageType = new(Routes.MessageMediaType);

    private readonly ReadOnlyMemory<byte> _head;
    private readonly ReadOnlySequence<byte> _payload;

    public RequestContent(ReadOnlyMemory<byte> head, in ReadOnlySequence<byte> payload)
    {
        _head = head;
        _payload = payload;
        Headers.ContentType = MessageType;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _head.Length + _payload.Length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_head, cancellationToken).ConfigureAwait(false);
        foreach (var piece in _payload)
        {
            await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        }
    }
}
