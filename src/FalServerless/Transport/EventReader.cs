using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;

namespace FalServerless.Transport;

/// <summary>The events of one call, as they come.</summary>
internal sealed class EventReader(HttpResponseMessage response, Stream stream) : IDisposable
{
    private const int InitialBuffer = 4096;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBuffer);
    private int _start;
    private int _end;

    /// <summary>Waits for the next event; its payload is good until the next call.</summary>
    /// <exception cref="ConnectionBrokenException">The connection ended before the event.</exception>
    /// <exception cref="ProtocolException">The bytes are no event.</exception>
    public async ValueTask<(InvocationEventKind Kind, ReadOnlyMemory<byte> Payload)> ReadAsync(CancellationToken cancellationToken)
    {
        await FillAsync(EventHeader.Size, cancellationToken).ConfigureAwait(false);
        var header = EventHeader.Read(_buffer.AsSpan(_start));
        _start += EventHeader.Size;
        await FillAsync(header.PayloadLength, cancellationToken).ConfigureAwait(false);
        var payload = _buffer.AsMemory(_start, header.PayloadLength);
        _start += header.PayloadLength;
        return (header.Kind, payload);
    }

    /// <summary>Waits for more; true where the response ends here.</summary>
    /// <exception cref="ConnectionBrokenException">The connection broke.</exception>
    public async ValueTask<bool> IsAtEndAsync(CancellationToken cancellationToken)
    {
        if (_start < _end)
        {
            return false;
        }

        _start = 0;
        _end = await ReadSomeAsync(_buffer, cancellationToken).ConfigureAwait(false);
        return _end == 0;
    }

    /// <summary>
    /// Reads the end of the response, so that the connection can serve the next call. Nothing may follow the last event.
    /// </summary>
    /// <exception cref="ConnectionBrokenException">The connection broke, after all that counts.</exception>
    /// <exception cref="ProtocolException">More follows.</exception>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (_start < _end || await ReadSomeAsync(_buffer.AsMemory(0, 1), cancellationToken).ConfigureAwait(false) > 0)
        {
            throw new ProtocolException("The host sent more after a call's last event.");
        }
    }

    public void Dispose()
    {
        response.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private async ValueTask FillAsync(int wanted, CancellationToken cancellationToken)
    {
        while (_end - _start < wanted)
        {
            MakeRoom(wanted);
            var count = await ReadSomeAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                throw new ConnectionBrokenException("The host ended the call's stream before its result.");
            }

            _end += count;
        }
    }

    private async ValueTask<int> ReadSomeAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw RuntimeClient.Broken(e);
        }
    }

    // Grows with what has come, never with what a header claims.
    private void MakeRoom(int wanted)
    {
        if (_start > 0 && _start + wanted > _buffer.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * _buffer.Length, Array.MaxLength));
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
