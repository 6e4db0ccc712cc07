namespace FalServerless.Runtime.Scheduling;

/// <summary>
/// When an idle worker ends. A warm call starts it again thousands of times a second, so that only notes the time; the timer is moved when
/// it fires. Used under the lock of its pool.
/// </summary>
internal sealed class KeepAlive(TimeProvider time, Action fired) : IDisposable
{
    private ITimer? _timer;
    private DateTimeOffset _end;
    private bool _isResting;
    private DateTimeOffset _armedFor = DateTimeOffset.MaxValue;

    /// <summary>When the worker ends if nothing comes; null when only a call starts the time again.</summary>
    public DateTimeOffset? End => _isResting ? null : _end;

    public void Start(DateTimeOffset now, TimeSpan duration)
    {
        _isResting = false;
        _end = now + duration;
        if (_end < _armedFor)
        {
            Arm(duration);
        }
    }

    /// <summary>
    /// To be asked when the timer fired and the worker is idle: if its time is not over, the timer is set to the rest of it.
    /// </summary>
    public bool IsOver()
    {
        var left = _end - time.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            Arm(left);
        }

        return left <= TimeSpan.Zero;
    }

    /// <summary>To be told when the timer fired and the worker is in use: the next start sets it again.</summary>
    public void Reset() => _armedFor = DateTimeOffset.MaxValue;

    /// <summary>The worker stays without regard to its time.</summary>
    public void Suspend()
    {
        Reset();
        _isResting = true;
    }

    public void Dispose() => _timer?.Dispose();

    private void Arm(TimeSpan duration)
    {
        _armedFor = time.GetUtcNow() + duration;
        if (_timer is null)
        {
            _timer = time.CreateTimer(_ => fired(), null, duration, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(duration, Timeout.InfiniteTimeSpan);
        }
    }
}
