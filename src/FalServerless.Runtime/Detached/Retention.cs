using FalServerless.Internal;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;

namespace FalServerless.Runtime.Detached;

/// <summary>How many calls a host keeps, and how long: those that have ended make room for others.</summary>
/// <param name="settings">How much is kept.</param>
/// <param name="limits">How much each key may have; null is no limits.</param>
/// <param name="store">Knows the calls.</param>
/// <param name="files">Their files.</param>
/// <param name="reserve">Taken again whenever there may be room for it.</param>
/// <param name="time">The clock.</param>
internal sealed class Retention(
    DetachedSettings settings,
    KeyLimits? limits,
    DetachedStore store,
    DetachedFiles files,
    DiskReserve reserve,
    TimeProvider time
)
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private long _swept;

    /// <summary>Makes room for a call, at the cost of those that have ended.</summary>
    /// <returns>Why there is none.</returns>
    public async Task<Refusal?> MakeRoomAsync(string owner, int payloadLength)
    {
        if (
            store.Calls >= settings.MaximumCalls
            || store.Bytes + payloadLength > settings.MaximumBytes
            || time.GetElapsedTime(Interlocked.Read(ref _swept)) >= SweepInterval
        )
        {
            await SweepAsync(payloadLength);
        }

        if (limits?.Queued is { } queued && store.OpenCallsOf(owner) >= queued)
        {
            return new()
            {
                Reason = RefusalReason.QueueFull,
                Limit = queued,
                Message =
                    $"The limit of {Plural.Of(queued, "detached call")} waiting or running on this host is reached for the key "
                    + $"{owner}. Submit fewer at once, or raise the host's FAL_QUEUED_PER_KEY.",
            };
        }

        return store.OpenCalls >= settings.MaximumCalls
                ? new()
                {
                    Reason = RefusalReason.QueueFull,
                    Limit = settings.MaximumCalls,
                    Message =
                        $"The limit of {Plural.Of(settings.MaximumCalls, "detached call")} waiting or running on this host is "
                        + $"reached. Submit fewer at once, or raise the host's FAL_DETACHED_LIMIT.",
                }
            : store.Bytes + payloadLength > settings.MaximumBytes
                ? new()
                {
                    Reason = RefusalReason.QueueFull,
                    Limit = settings.MaximumBytes,
                    Message =
                        $"The detached calls that wait or run on this host take {store.Bytes} bytes already, and it keeps "
                        + $"{settings.MaximumBytes}. Submit fewer at once, or raise the host's FAL_DETACHED_BYTES.",
                }
            : null;
    }

    /// <summary>Removes calls that have ended: those that are kept for too long, and the oldest where there are too many.</summary>
    /// <param name="payloadLength">How many bytes must have room afterwards.</param>
    public async Task SweepAsync(int payloadLength)
    {
        Interlocked.Exchange(ref _swept, time.GetTimestamp());
        var removed = await store.RemoveAsync(
            time.GetUtcNow() - settings.Keep,
            settings.MaximumCalls - 1,
            settings.MaximumBytes - payloadLength
        );
        removed.ForEach(files.Remove);
        reserve.Take();
    }
}
