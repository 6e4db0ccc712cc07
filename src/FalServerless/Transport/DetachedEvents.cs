using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;

namespace FalServerless.Transport;

/// <summary>
/// The kept events of a detached call, from some event on; the connection may break in between. Its events are read by one reader.
/// </summary>
/// <param name="client">The way to the host.</param>
/// <param name="id">The call's.</param>
/// <param name="only">Which events: <see cref="Routes.OnlyLogs"/> or <see cref="Routes.OnlyOutcome"/>; the last one comes with
/// both.</param>
/// <param name="from">How many of those events are passed over.</param>
/// <param name="follow">Whether to wait for what is yet to come.</param>
internal sealed class DetachedEvents(DetachedClient client, Guid id, string only, long from, bool follow) : IDisposable
{
    private readonly ChunkAssembler _chunks = new();
    private EventReader? _events;
    private long _next = from;
    private int _repeats;

    /// <summary>
    /// The next event but chunks, which come before what they belong to; null where nothing follows. The payload is good until the next
    /// call.
    /// </summary>
    /// <exception cref="InvocationNotFoundException">The host keeps no such call.</exception>
    /// <exception cref="HostUnreachableException">The connection broke, and did not come back.</exception>
    public async ValueTask<(InvocationEventKind Kind, ReadOnlySequence<byte> Payload)?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                _events ??= await client.OpenEventsAsync(id, only, _next, follow, cancellationToken).ConfigureAwait(false);
                if (!follow && await _events.IsAtEndAsync(cancellationToken).ConfigureAwait(false))
                {
                    return null;
                }

                var (kind, payload) = await _events.ReadAsync(cancellationToken).ConfigureAwait(false);
                _next++;
                _repeats = 0;
                switch (kind)
                {
                    case InvocationEventKind.Chunk:
                        _chunks.Add(payload.Span);
                        continue;
                    case InvocationEventKind.Restart:
                        _chunks.Clear();
                        continue;
                    case InvocationEventKind.Log or InvocationEventKind.Refusal:
                        return (kind, new(payload));
                    default:
                        return (kind, _chunks.Complete(payload));
                }
            }
            catch (ConnectionBrokenException e)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await WaitToRepeatAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => _events?.Dispose();

    // A host that is started again refuses connections meanwhile.
    private static bool MayPass(ConnectionBrokenException broken) =>
        !broken.IsSettled
        || broken.Why
            is HostUnreachableCause.Refused
                or HostUnreachableCause.Reset
                or HostUnreachableCause.Timeout
                or HostUnreachableCause.Unavailable
                or HostUnreachableCause.CircuitOpen;

    private async ValueTask WaitToRepeatAsync(ConnectionBrokenException broken, CancellationToken cancellationToken)
    {
        _events?.Dispose();
        _events = null;
        if (_repeats == RepeatDelays.ForKept.Count || client.Runtime.HasEnded || !MayPass(broken))
        {
            throw client.Runtime.Unreachable(broken);
        }

        await Task.Delay(RepeatDelays.ForKept[_repeats++], client.Runtime.Time, cancellationToken).ConfigureAwait(false);

        // A connection breaks a moment before its host is seen to have ended.
        if (client.Runtime.HasEnded)
        {
            throw client.Runtime.Unreachable(broken);
        }
    }
}
