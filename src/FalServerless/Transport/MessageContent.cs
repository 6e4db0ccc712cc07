using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using FalServerless.Protocol.Http;

namespace FalServerless.Transport;

/// <summary>
/// A message as the body of a request: its head and its payload, piece by piece as they are in memory; as often as needed.
/// </summary>
internal sealed class MessageContent : HttpContent
{
    private static readonly MediaTypeHeaderValue MessageType = new(Routes.MessageMediaType);

    private readonly ReadOnlyMemory<byte> _head;
    private readonly ReadOnlySequence<byte> _payload;

    public MessageContent(ReadOnlyMemory<byte> head, in ReadOnlySequence<byte> payload = default)
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
