using FalServerless.Protocol;
using FalServerless.Protocol.Http;

namespace FalServerless.Transport;

/// <summary>The events of one call, as they come.</summary>
internal sealed class EventReader(HttpResponseMessage response, Stream stream) : IDisposable
{
    private const int InitialBuffer = 4096;

    private readonly ReceiveBuffer _buffer = new(InitialBuffer);

    public static async ValueTask<EventReader> OpenAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new(response, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>Waits for the next event; its payload is good until the next call.</summary>
    /// <exception cref="ConnectionBrokenException">The connection ended before the event.</exception>
    /// <exception cref="ProtocolException">The bytes are no event.</exception>
    public async ValueTask<(InvocationEventKind Kind, ReadOnlyMemory<byte> Payload)> ReadAsync(CancellationToken cancellationToken)
    {
        await FillAsync(EventHeader.Size, cancellationToken).ConfigureAwait(false);
        var header = EventHeader.Read(_buffer.Take(EventHeader.Size).Span);
        await FillAsync(header.PayloadLength, cancellationToken).ConfigureAwait(false);
        return (header.Kind, _buffer.Take(header.PayloadLength));
    }

    /// <summary>Waits for more; true where the response ends here.</summary>
    /// <exception cref="ConnectionBrokenException">The connection broke.</exception>
    public async ValueTask<bool> IsAtEndAsync(CancellationToken cancellationToken)
    {
        if (_buffer.Length > 0)
        {
            return false;
        }

        var count = await ResponseBody.ReceiveAsync(stream, _buffer.GetMemory(1), cancellationToken).ConfigureAwait(false);
        _buffer.Advance(count);
        return count == 0;
    }

    /// <summary>
    /// Reads the end of the response, so that the connection can serve the next call. Nothing may follow the last event.
    /// </summary>
    /// <exception cref="ConnectionBrokenException">The connection broke, after all that counts.</exception>
    /// <exception cref="ProtocolException">More follows.</exception>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (!await IsAtEndAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new ProtocolException("The host sent more after a call's last event.");
        }
    }

    public void Dispose()
    {
        response.Dispose();
        _buffer.Return();
    }

    private async ValueTask FillAsync(int wanted, CancellationToken cancellationToken)
    {
        while (_buffer.Length < wanted)
        {
            var count = await ResponseBody.ReceiveAsync(stream, _buffer.GetMemory(wanted), cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                throw new ConnectionBrokenException("The host ended the call's stream before its result.");
            }

            _buffer.Advance(count);
        }
    }
}
