using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Scheduling.Planning;
using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Scheduling;

/// <summary>A worker in its pool: the calls that have a slot on it, and when it may end. Used under the lock of its dispatcher.</summary>
internal sealed class PooledWorker(WorkerHandle handle, PoolKey key, Allocation share, DateTimeOffset now) : IPlannedWorker
{
    private readonly List<HostCall> _calls = [];
    private readonly Dictionary<HostCall, ITimer?> _cancelled = [];
    private readonly HashSet<HostCall> _overdue = [];
    private bool _isTaken;

    public WorkerHandle Handle => handle;

    public Allocation Share => share;

    public KeepAlive? KeepAlive { get; set; }

    /// <summary>Since when it is idle, if it is.</summary>
    public DateTimeOffset IdleSince { get; set; } = now;

    public int Running => _calls.Count;

    /// <summary>How many calls it ever got.</summary>
    public int Leased { get; private set; }

    public bool IsFresh => Leased == 0;

    public bool IsIdle => _calls.Count == 0;

    /// <summary>Whether it takes no calls any more, and its process is to end or ending.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Whether its process ended without having been asked to.</summary>
    public bool HasCrashed { get; set; }

    /// <summary>Whether its process is gone.</summary>
    public bool HasExited { get; set; }

    /// <summary>Whether its process holds more memory than its pool allows.</summary>
    public bool ExceedsMemoryLimit { get; set; }

    /// <summary>Whether somebody asked it to end.</summary>
    public bool IsDismissed { get; set; }

    /// <summary>Whether it goes as soon as it is idle, for another to take its place.</summary>
    public bool ShouldRecycle => ExceedsMemoryLimit || IsDismissed || Leased >= key.RecycleAfterCalls;

    /// <summary>Whether it gets no calls any more: a body on it did not end when it should have.</summary>
    public bool IsDraining => _overdue.Count > 0;

    /// <summary>Whether nothing is left on it that may still end well.</summary>
    public bool IsDrained => IsDraining && _calls.TrueForAll(_overdue.Contains);

    public bool HasFreeSlot => _calls.Count < key.CallsPerWorker && !_isTaken && !IsDraining && !ShouldRecycle && !IsLeaving;

    public bool Runs(HostCall call) => _calls.Contains(call);

    /// <summary>A call without a keep-alive gets a process that nothing else has run in, nor will.</summary>
    public bool CanRun(HostCall call) =>
        HasFreeSlot
        && (IsFresh || call.Options.KeepAlive > TimeSpan.Zero)
        && handle.Accepts(call.Function)
        && _calls.TrueForAll(running => running.Id != call.Id);

    /// <summary>How many such calls it could get now.</summary>
    public int FreeSlotsFor(HostCall call) =>
        !CanRun(call) ? 0
        : call.Options.KeepAlive == TimeSpan.Zero ? 1
        : key.CallsPerWorker - _calls.Count;

    public void Lease(HostCall call)
    {
        handle.Reserve(call.Function);
        _calls.Add(call);
        Leased++;
        _isTaken = call.Options.KeepAlive == TimeSpan.Zero;
    }

    public void Release(HostCall call)
    {
        _calls.Remove(call);
        if (_cancelled.Remove(call, out var timer))
        {
            timer?.Dispose();
        }
    }

    /// <returns>False when the call has no place here, or was cancelled before.</returns>
    public bool TryCancel(HostCall call) => Runs(call) && _cancelled.TryAdd(call, null);

    /// <summary>Keeps the timer of a cancelled call, unless that is over.</summary>
    public void Keep(HostCall call, ITimer timer)
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
    public void SetOverdue(HostCall call)
    {
        if (Runs(call))
        {
            _overdue.Add(call);
        }
    }

    /// <summary>It gets nothing any more, and nothing ends it but its process.</summary>
    public void Leave()
    {
        IsLeaving = true;
        KeepAlive?.Dispose();
        KeepAlive = null;
        foreach (var timer in _cancelled.Values)
        {
            timer?.Dispose();
        }

        _cancelled.Clear();
    }
}
