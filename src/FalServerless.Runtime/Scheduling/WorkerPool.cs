using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Environments;
using FalServerless.Runtime.Scheduling.Planning;

namespace FalServerless.Runtime.Scheduling;

/// <summary>
/// The workers of one kind, and the calls that wait for one of them. Each worker has slots for calls, one by default; the last used worker
/// with a free slot gets the next call, and beyond the limit calls wait in order.
/// </summary>
internal sealed class WorkerPool(PoolKey key, MachineType machineType, EnvironmentLease? environment, int maximumWorkers, TimeProvider time)
    : IPlannedPool
{
    private readonly List<PooledWorker> _workers = [];
    private readonly List<PooledWorker> _free = [];

    // Those that take no calls any more, until their processes are gone.
    private readonly List<PooledWorker> _leaving = [];
    private StartDelay? _restart;

    public PoolKey Key => key;

    public MachineType MachineType => machineType;

    public EnvironmentLease? EnvironmentLease => environment;

    public CallQueue Queue { get; } = new();

    public int MaximumWorkers => maximumWorkers;

    // A host that carries fewer keeps fewer.
    public int KeptWorkers { get; } = Math.Min(key.MinWorkers, maximumWorkers);

    public int SlotsPerWorker => key.CallsPerWorker;

    public int WorkerCount => _workers.Count;

    public int StartingCount { get; private set; }

    public TimeSpan RestartDelay => _restart?.Left ?? TimeSpan.Zero;

    public IReadOnlyList<IPlannedWorker> Free => _free;

    public int WaitingCount => Queue.Count;

    public WaitingCall? FirstWaiting => Waiting(Queue.First);

    /// <summary>Whether there is nothing left of it, and nothing is to come.</summary>
    public bool IsOver => _workers.Count == 0 && StartingCount == 0 && _leaving.Count == 0 && Queue.Count == 0 && KeptWorkers == 0;

    /// <summary>All its workers, those that are leaving too.</summary>
    public IEnumerable<PooledWorker> Workers => _workers.Concat(_leaving);

    /// <summary>Whether it has more workers than it keeps.</summary>
    public bool HasSpareWorkers => _workers.Count > KeptWorkers;

    /// <summary>Why a call waits here.</summary>
    public string Busy =>
        _workers.Count + StartingCount >= maximumWorkers
            ? maximumWorkers == 1
                ? "the 1 worker that it may have was busy"
                : $"all {maximumWorkers} workers that it may have were busy"
            : "other workers had the host's processors, memory or GPUs";

    public WaitingCall? WaitingAfter(long count) => Waiting(Queue.After(count));

    public int SlotsForFirst(IPlannedWorker worker) => ((PooledWorker)worker).FreeSlotsFor(Queue.First!);

    public bool SuitsWaiting(IPlannedWorker worker, long before = long.MaxValue) =>
        Queue.Any(call => call.Turn < before && ((PooledWorker)worker).CanRun(call));

    /// <summary>Gives the call the last used worker with a slot for it; null when there is none.</summary>
    public PooledWorker? TryLease(HostCall call)
    {
        for (var i = _free.Count - 1; i >= 0; i--)
        {
            var worker = _free[i];
            if (worker.CanRun(call))
            {
                worker.Lease(call);
                if (!worker.HasFreeSlot)
                {
                    _free.RemoveAt(i);
                }

                return worker;
            }
        }

        return null;
    }

    public void BeginStart() => StartingCount++;

    /// <summary>A worker that was starting has come.</summary>
    public void Add(PooledWorker worker)
    {
        StartingCount--;
        _workers.Add(worker);
        _free.Add(worker);
    }

    /// <summary>A worker that was starting will not come.</summary>
    public void FailStart(bool isForCall)
    {
        StartingCount--;
        if (!isForCall)
        {
            (_restart ??= new(time)).Failed();
        }
    }

    /// <summary>The worker gets no further calls, and stays for those that it has.</summary>
    public void Withhold(PooledWorker worker) => _free.Remove(worker);

    /// <summary>The worker has a free slot. The last used one is the first to be used again.</summary>
    public void Offer(PooledWorker worker)
    {
        _free.Remove(worker);
        _free.Add(worker);
    }

    /// <summary>The worker takes no calls any more.</summary>
    /// <returns>False when it was so before.</returns>
    public bool Retire(PooledWorker worker, bool hasDied)
    {
        if (worker.IsLeaving)
        {
            return false;
        }

        if (!worker.IsFresh)
        {
            _restart?.Succeeded();
        }
        else if (hasDied)
        {
            (_restart ??= new(time)).Failed(time.GetUtcNow() - worker.IdleSince);
        }

        _workers.Remove(worker);
        _free.Remove(worker);
        _leaving.Add(worker);
        worker.Leave();
        return true;
    }

    /// <summary>
    /// A call that was leased a slot and has not come back yet may still return to the queue: until then the worker is remembered.
    /// </summary>
    public void RemoveIfExited(PooledWorker worker)
    {
        if (worker.HasExited && worker.IsIdle)
        {
            _leaving.Remove(worker);
        }
    }

    private WaitingCall? Waiting(HostCall? call) =>
        call is null ? null : new(call.Turn, time.GetElapsedTime(call.QueuedAt), call.Options.KeepAlive);
}
