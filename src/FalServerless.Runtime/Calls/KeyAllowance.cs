using System.Globalization;
using FalServerless.Protocol.Http;

namespace FalServerless.Runtime.Calls;

/// <summary>What one key has of a host at this moment, and may have.</summary>
internal sealed class KeyAllowance(string keyId, KeyLimits limits)
{
    private int _calls;
    private int _queued;

    public string KeyId => keyId;

    public KeyLimits Limits => limits;

    /// <summary>Admits one more call.</summary>
    /// <returns>Null, or why it may not come.</returns>
    public Refusal? Enter()
    {
        if (Interlocked.Increment(ref _calls) <= (limits.Calls ?? int.MaxValue))
        {
            return null;
        }

        Leave();
        return Full(limits.Calls!.Value, "running or waiting on this host", "FAL_CALLS_PER_KEY");
    }

    public void Leave() => Interlocked.Decrement(ref _calls);

    /// <summary>Whether one more call may wait; null, or why not.</summary>
    public Refusal? RefuseQueued() =>
        _queued < (limits.Queued ?? int.MaxValue) ? null : Full(limits.Queued!.Value, "waiting for a worker", "FAL_QUEUED_PER_KEY");

    /// <summary>So many calls more, or fewer, wait. Used under the scheduler's lock.</summary>
    public void CountQueued(int change) => _queued += change;

    /// <summary>Why a call with a payload of that length may not come; null if it may.</summary>
    public Refusal? RefuseBody(long length) =>
        length <= limits.BodyBytes
            ? null
            : new()
            {
                Reason = RefusalReason.Capture,
                Limit = limits.BodyBytes,
                Message = string.Create(
                    CultureInfo.InvariantCulture,
                    $"The inputs and captured variables of the call take {length:N0} bytes, more than the {limits.BodyBytes:N0} that "
                        + $"a call of this key may have. Put large data into /data with SyncDir and send its path, or raise the "
                        + $"host's FAL_BODY_LIMIT."
                ),
            };

    /// <summary>Why a result that has grown so far is not sent.</summary>
    public Refusal RefuseResult() =>
        new()
        {
            Reason = RefusalReason.Capture,
            Limit = limits.ResultBytes,
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"The result, or one item of it, takes more than the {limits.ResultBytes:N0} bytes that a call of this key may give "
                    + $"back. Give it back as a stream of smaller items, write it to a file in /data, or raise the host's FAL_RESULT_LIMIT."
            ),
        };

    private Refusal Full(int limit, string what, string setting) =>
        new()
        {
            Reason = RefusalReason.QueueFull,
            Limit = limit,
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"The limit of {limit:N0} {(limit == 1 ? "call" : "calls")} {what} is reached for the key {keyId}. Make fewer calls "
                    + $"at once, or raise the host's {setting}."
            ),
        };
}
