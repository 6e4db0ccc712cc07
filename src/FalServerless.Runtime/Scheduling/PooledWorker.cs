using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Scheduling;

/// <summary>A worker in its pool: the calls that have a place on it, and when it may go. Used under the pool's lock.</summary>
internal sealed class PooledWorker(WorkerHandle handle, MachineType machineType, int places)
{
    private readonly List<Invocation> _calls = [];
    private readonly Dictionary<Invocation, ITimer?> _cancelled = [];
    private readonly HashSet<Invocation> _overdue = [];
    private bool _isFresh = true;
    private bool _isTaken;

    public WorkerHandle Handle => handle;

    public KeepAlive? KeepAlive { get; set; }

    public bool IsIdle => _calls.Count == 0;

    /// <summary>Whether it gets no calls any more: a body on it did not end when it should have.</summary>
    public bool IsDraining => _overdue.Count > 0;

    /// <summary>Whether nothing is left on it that may still end well.</summary>
    public bool IsDrained => IsDraining && _calls.TrueForAll(_overdue.Contains);

    public bool HasPlace => _calls.Count < places && !_isTaken && !IsDraining;

    public bool Runs(Invocation call) => _calls.Contains(call);

    /// <summary>A call without a keep-alive gets a process that nothing else has run in, nor will.</summary>
    public bool Suits(Invocation call) =>
        HasPlace
        && (_isFresh || call.Environment.KeepAlive > TimeSpan.Zero)
        && handle.Accepts(call.Function)
        && _calls.TrueForAll(running => running.Id != call.Id);

    public void Lease(Invocation call)
    {
        if (_isFresh)
        {
            // Only now: until its first call it may use the whole machine to get ready.
            handle.Claim(machineType, null);
        }

        handle.Reserve(call.Function);
        _calls.Add(call);
        _isFresh = false;
        _isTaken = call.Environment.KeepAlive == TimeSpan.Zero;
    }

    public void Release(Invocation call)
    {
        _calls.Remove(call);
        if (_cancelled.Remove(call, out var timer))
        {
            timer?.Dispose();
        }
    }

    /// <returns>False when the call has no place here, or was cancelled before.</returns>
    public bool TryCancel(Invocation call) => Runs(call) && _cancelled.TryAdd(call, null);

    /// <summary>Keeps the timer of a cancelled call, unless that is over.</summary>
    public void Keep(Invocation call, ITimer timer)
    {
        if (_cancelled.ContainsKey(call))
        {
            _cancelled[call] = timer;
        }
        else
        {
            timer.Dispose();
        }
    }

    /// <summary>The call did not end in its grace time.</summary>
    public void SetOverdue(Invocation call)
    {
        if (Runs(call))
        {
            _overdue.Add(call);
        }
    }

    public void Forget()
    {
        KeepAlive?.Dispose();
        KeepAlive = null;
        foreach (var timer in _cancelled.Values)
        {
            timer?.Dispose();
        }

        _cancelled.Clear();
    }
}
