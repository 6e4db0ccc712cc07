using System.Buffers;
using FalServerless.Capture;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;

namespace FalServerless.Transport;

/// <summary>
/// One call at its host. The first read starts it; when the connection breaks, the request is repeated under the same id, so that the call
/// continues and its body never runs twice; when the call is left before its end, the host is notified. Its events are read by one reader.
/// </summary>
internal sealed class RemoteCall(RuntimeClient client, FunctionCode code, InvocationRequest request) : IDisposable
{
    private readonly RepeatableRequest _request = new(request, client.Time);
    private readonly ChunkAssembler _chunks = new();
    private EventReader? _events;
    private long _received;
    private int _repeats;
    private bool _isAnswered;
    private int _isOver = 1;

    public Guid Id => request.Id;

    /// <summary>
    /// Waits for the next event but chunks, which it puts before what they belong to. The payload is good until the next call.
    /// </summary>
    /// <exception cref="HostUnreachableException">The connection broke, and did not come back.</exception>
    /// <exception cref="FalServerlessException">The host refuses the call.</exception>
    public async ValueTask<(InvocationEventKind Kind, ReadOnlySequence<byte> Payload)> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                _events ??= await StartAsync(cancellationToken).ConfigureAwait(false);
                var (kind, payload) = await _events.ReadAsync(cancellationToken).ConfigureAwait(false);
                _received++;
                _repeats = 0;
                switch (kind)
                {
                    case InvocationEventKind.Chunk:
                        _chunks.Add(payload.Span);
                        continue;
                    case InvocationEventKind.Log:
                        return (kind, new(payload));
                    case InvocationEventKind.Item:
                        return (kind, _chunks.Complete(payload));
                    default:
                        _isOver = 1;
                        return (kind, kind == InvocationEventKind.Refusal ? new(payload) : _chunks.Complete(payload));
                }
            }
            catch (ConnectionBrokenException e)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await WaitToRepeatAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>After the last event: sees that nothing follows, so that the connection can serve the next call.</summary>
    /// <exception cref="ProtocolException">The host sent more.</exception>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _events!.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ConnectionBrokenException)
        {
            // All that counts had come.
        }
    }

    /// <summary>
    /// Tells the host, in the background, that no caller waits for the call any more; does nothing if it has ended. From any thread.
    /// </summary>
    public void Cancel()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0 && !client.HasEnded)
        {
            _ = client.CancelAsync(request.Id, isOnItsWay: !_isAnswered);
        }
    }

    /// <summary>
    /// Tells the host, in the background, that the call's items are no longer taken, and that its events are read on until its body has
    /// ended.
    /// </summary>
    /// <returns>False when there is nothing more to read.</returns>
    public bool Leave()
    {
        if (_isOver != 0 || Interlocked.Exchange(ref _isOver, 1) != 0 || client.HasEnded)
        {
            return false;
        }

        _ = client.CancelAsync(request.Id, isOnItsWay: !_isAnswered, isLeaving: true);
        return true;
    }

    /// <summary>Ends the reading, and the call unless it has ended.</summary>
    public void Dispose()
    {
        // The connection first: a host that is notified while it is still open would send an answer that is never read.
        _events?.Dispose();
        Cancel();
    }

    private async ValueTask<EventReader> StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var sent = _request.Next(_received);
        _isOver = 0;
        try
        {
            var events = await FunctionDelivery.PostAsync(client, code, sent, cancellationToken).ConfigureAwait(false);
            _isAnswered = true;
            return events;
        }
        catch (FalServerlessException)
        {
            // Refused: the host has no such call.
            _isOver = 1;
            throw;
        }
    }

    private async ValueTask WaitToRepeatAsync(ConnectionBrokenException broken, CancellationToken cancellationToken)
    {
        _events?.Dispose();
        _events = null;
        if (broken.IsSettled && !_isAnswered)
        {
            // The host never had the call, and there is nothing to cancel. One that runs is worth more attempts.
            _isOver = 1;
            throw client.Unreachable(broken);
        }

        if (_repeats == RepeatDelays.Count || client.HasEnded)
        {
            throw client.Unreachable(broken);
        }

        await Task.Delay(RepeatDelays.Of(_repeats++), client.Time, cancellationToken).ConfigureAwait(false);

        // A connection breaks a moment before its host is seen to have ended.
        if (client.HasEnded)
        {
            throw client.Unreachable(broken);
        }
    }
}
