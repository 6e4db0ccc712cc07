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
        private readonly Lock _lock = new();
        private int _changes;
        private int _fired;

        public ITimer Inner { get; set; } = null!;

        public void Fire(TimerCallback callback, object? state)
        {
            lock (_lock)
            {
                _fired = _changes;
                time._due.TryRemove(this, out _);
            }

            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Assert.Equal(Timeout.InfiniteTimeSpan, period);
            int change;
            lock (_lock)
            {
                change = ++_changes;
                time._due.TryRemove(this, out _);
            }

            // Known only once it is set, so that a clock that is moved then fires it; and not under the lock, as it may fire at once.
            var due = time.GetUtcNow() + dueTime;
            var isSet = Inner.Change(dueTime, period);
            lock (_lock)
            {
                if (dueTime != Timeout.InfiniteTimeSpan && _changes == change && _fired < change)
                {
                    time._due[this] = due;
                }
            }

            return isSet;
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _changes++;
                time._due.TryRemove(this, out _);
            }

            Inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
