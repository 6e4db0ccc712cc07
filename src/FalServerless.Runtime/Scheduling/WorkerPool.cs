using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Environments;

namespace FalServerless.Runtime.Scheduling;

/// <summary>
/// The workers of one kind. Each has places for calls, one by default; the last used worker with a free place gets the next call, and
/// beyond the limit calls wait in order. After its last call a worker stays for that call's keep-alive. All pools share the lock of their
/// placement.
/// </summary>
internal sealed partial class WorkerPool(
    PoolKey key,
    MachineType machineType,
    EnvironmentLease? environment,
    int maximumWorkers,
    Placement placement,
    TimeProvider time
)
{
    // A host that carries fewer keeps fewer.
    private readonly int _kept = Math.Min(key.MinWorkers, maximumWorkers);
    private readonly List<PooledWorker> _workers = [];

    // Those with a free place, the last used at the end.
    private readonly List<PooledWorker> _free = [];

    // Those that take no calls any more, until their processes are gone.
    private readonly List<PooledWorker> _leaving = [];
    private readonly CallQueue _queue = new();
    private int _starting;

    public PoolKey Key => key;

    public MachineType MachineType => machineType;

    public EnvironmentLease? EnvironmentLease => environment;

    public CallQueue Queue => _queue;

    /// <summary>Whether nothing is left of it, and nothing is to come.</summary>
    public bool IsOver => _workers.Count == 0 && _starting == 0 && _leaving.Count == 0 && _queue.Count == 0 && _kept == 0;

    /// <summary>All its workers, those that are leaving too.</summary>
    public IEnumerable<PooledWorker> Workers => _workers.Concat(_leaving);

    /// <summary>Why a call waits here.</summary>
    public string Busy =>
        Count >= maximumWorkers
            ? maximumWorkers == 1
                ? "the 1 worker that it may have was busy"
                : $"all {maximumWorkers} workers that it may have were busy"
            : "other workers had the host's processors, memory or GPUs";

    private int Count => _workers.Count + _starting;

    // What waiting calls are about to get: places on workers that are starting, and on those that have just come or become free. Whoever
    // knows of a free one takes it to the queue, but lets the lock go in between.
    private long SlotsToCome
    {
        get
        {
            var places = (long)_starting * key.CallsPerWorker;
            if (_queue.First is { } first && !placement.HoldsBack(machineType, first.Turn))
            {
                foreach (var worker in _free)
                {
                    places += worker.FreeSlotsFor(first);
                }
            }

            return places;
        }
    }

    /// <summary>
    /// Gives the call to a worker with a place for it, or queues it. The lock is held; whoever gets a worker starts the call on it without
    /// the lock.
    /// </summary>
    public PooledWorker? TakeIn(HostCall call)
    {
        // Others may come between a worker's becoming free and its going to the first in the queue. Detached calls keep their order.
        var worker = call.Starting is not null && _queue.Count > 0 ? null : TryLease(call, long.MaxValue);
        if (worker is null)
        {
            placement.Queue(this, call, maximumWorkers);
            placement.Settle(this);
        }

        return worker;
    }

    /// <summary>
    /// Starts a call that has its worker. If that died while idle, the call has not run: it goes back to the head of the queue.
    /// </summary>
    public void Start(PooledWorker worker, HostCall call)
    {
        if (!TryStart(worker, call))
        {
            PutBack(worker, call);
            ServeQueue();
        }
    }

    /// <summary>
    /// Takes a call that was ended out of the queue, or tells its worker. The worker's place is free when the worker says so; one that does
    /// not within the grace time is killed, as soon as nothing else runs on it.
    /// </summary>
    /// <returns>False when the call is not here.</returns>
    public bool Cancel(HostCall call)
    {
        PooledWorker? worker = null;
        bool wasQueued;
        lock (placement.Lock)
        {
            wasQueued = _queue.TryRemove(call);
            if (wasQueued)
            {
                placement.Unqueued();
                placement.Settle(this);
            }
            else
            {
                worker = _workers.Find(worker => worker.TryCancel(call));
            }
        }

        if (wasQueued)
        {
            call.Refuse(HostCall.Cancelled);
            return true;
        }

        if (worker is null)
        {
            return false;
        }

        var grace = call.Options.CancellationGrace;
        if (grace == TimeSpan.Zero)
        {
            GiveUp(worker, call);
        }
        else
        {
            var timer = time.CreateTimer(_ => GiveUp(worker, call), null, grace, Timeout.InfiniteTimeSpan);
            lock (placement.Lock)
            {
                worker.Keep(call, timer);
            }
        }

        worker.Handle.Cancel(call);
        return true;
    }

    /// <summary>The first in the queue that some worker suits goes first; nobody overtakes for a worker that suits the first.</summary>
    public void ServeQueue()
    {
        while (true)
        {
            PooledWorker? worker = null;
            HostCall? call = null;
            lock (placement.Lock)
            {
                if (_free.Count > 0 && _queue.Count > 0)
                {
                    call = _queue.TakeFirst(call => (worker = TryLease(call, call.Turn)) is not null);
                }

                if (worker is null)
                {
                    placement.Settle(this);
                    return;
                }

                placement.Unqueued();
            }

            if (!TryStart(worker, call!))
            {
                PutBack(worker, call!);
            }
        }
    }

    private bool TryStart(PooledWorker worker, HostCall call)
    {
        if (call.Starting is not { } starting)
        {
            return worker.Handle.TryStart(call, key.CallsPerWorker > 1);
        }

        _ = StartAfterAsync(worker, call, starting());
        return true;
    }

    private async Task StartAfterAsync(PooledWorker worker, HostCall call, Task<bool> starting)
    {
        if (!await starting || call.HasEnded)
        {
            // Its place is free again, and the worker has never heard of it.
            Finished(worker, call);
        }
        else if (!worker.Handle.TryStart(call, key.CallsPerWorker > 1))
        {
            PutBack(worker, call);
            ServeQueue();
        }
    }

    private PooledWorker? TryLease(HostCall call, long turn)
    {
        if (placement.HoldsBack(machineType, turn))
        {
            return null;
        }

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

    private void PutBack(PooledWorker worker, HostCall call)
    {
        lock (placement.Lock)
        {
            worker.Release(call);
            Retire(worker, hasDied: true);
            if (!call.HasEnded)
            {
                placement.PutBack(this, call);
            }

            RemoveIfExited(worker);
        }
    }
}
