namespace FalServerless.Runtime.Detached;

/// <summary>Wakes those who wait for something to become of a call.</summary>
internal sealed class CallSignals
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Watched> _watched = [];

    public Watch Watching(Guid id)
    {
        lock (_lock)
        {
            if (!_watched.TryGetValue(id, out var watched))
            {
                _watched.Add(id, watched = new());
            }

            watched.Watchers++;
            return new(this, id, watched);
        }
    }

    /// <summary>Something has become of the call.</summary>
    public void Pulse(Guid id)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (!_watched.TryGetValue(id, out var watched))
            {
                return;
            }

            changed = watched.Changed;
            watched.Changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    private void Leave(Guid id, Watched watched)
    {
        lock (_lock)
        {
            if (--watched.Watchers == 0)
            {
                _watched.Remove(id);
            }
        }
    }

    internal sealed class Watched
    {
        public int Watchers { get; set; }

        public TaskCompletionSource Changed { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>A waiter. Code that takes <see cref="Changed"/> before it looks misses nothing.</summary>
    internal sealed class Watch(CallSignals signals, Guid id, Watched watched) : IDisposable
    {
        public Task Changed
        {
            get
            {
                lock (signals._lock)
                {
                    return watched.Changed.Task;
                }
            }
        }

        public void Dispose() => signals.Leave(id, watched);
    }
}
