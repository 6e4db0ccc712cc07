namespace FalServerless.Runtime.Scheduling;

/// <summary>
/// One timer for everything that is due at some time: it fires for the soonest, and the handler looks up what that is. Used under the
/// scheduler's lock.
/// </summary>
internal sealed class Alarm : IDisposable
{
    // A timer takes 49 days at most. One that fires early does no harm.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _due = long.MaxValue;

    public Alarm(TimeProvider time, Action fired)
    {
        _time = time;
        _timer = time.CreateTimer(_ => fired(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Fires after the time, or sooner.</summary>
    public void Arm(TimeSpan after)
    {
        after = after < Longest ? after : Longest;
        var due = _time.GetTimestamp() + (long)(after.TotalSeconds * _time.TimestampFrequency);
        if (due < _due)
        {
            _due = due;
            _timer.Change(after > TimeSpan.Zero ? after : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>To be told when it fired: nothing is due until it is armed again.</summary>
    public void Reset() => _due = long.MaxValue;

    public void Dispose() => _timer.Dispose();
}
