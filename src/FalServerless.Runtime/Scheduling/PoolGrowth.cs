namespace FalServerless.Runtime.Scheduling;

/// <summary>
/// When a pool grows beyond one worker a core. A new worker takes tens of milliseconds to start and then shares the cores: that is worth it only for calls that wait.
/// Used under the pool's lock.
/// </summary>
internal sealed class PoolGrowth : IDisposable
{
    public static readonly TimeSpan After = TimeSpan.FromMilliseconds(10);

    private readonly ITimer _timer;
    private volatile bool _armed;

    public PoolGrowth(TimeProvider time, Action fired) => _timer = time.CreateTimer(_ =>
    {
        _armed = false;
        fired();
    }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Arm()
    {
        if (!_armed)
        {
            _armed = true;
            _timer.Change(After, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();
}
