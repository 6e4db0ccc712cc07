using System.Collections.Concurrent;

namespace FalServerless.Tests.Shared.Time;

/// <summary>A clock whose timers are over twenty times as fast, and that knows what they were set to.</summary>
internal sealed class HurriedTime : TimeProvider
{
    private const int Factor = 20;

    public ConcurrentQueue<TimeSpan> Timers { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Timers.Enqueue(dueTime);
        return base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : dueTime / Factor, period);
    }
}
