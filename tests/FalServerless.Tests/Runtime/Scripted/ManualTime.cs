using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace FalServerless.Tests.Runtime.Scripted;

/// <summary>A clock that a test moves, which knows what its timers are set to.</summary>
internal sealed class ManualTime() : FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(1))
{
    private readonly ConcurrentDictionary<ITimer, DateTimeOffset> _due = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new KnownTimer(this);
        timer.Inner = base.CreateTimer(_ => timer.Fire(callback, state), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Whether some timer waits for so long.</summary>
    public bool HasTimer(TimeSpan due) => _due.Values.Contains(GetUtcNow() + due);

    private sealed class KnownTimer(ManualTime time) : ITimer
    {
        public ITimer Inner { get; set; } = null!;

        public void Fire(TimerCallback callback, object? state)
        {
            time._due.TryRemove(this, out _);
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Assert.Equal(Timeout.InfiniteTimeSpan, period);
            time._due.TryRemove(this, out _);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                time._due[this] = time.GetUtcNow() + dueTime;
            }

            return Inner.Change(dueTime, period);
        }

        public void Dispose()
        {
            time._due.TryRemove(this, out _);
            Inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
