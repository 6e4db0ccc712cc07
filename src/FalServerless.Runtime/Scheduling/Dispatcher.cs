using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Environments;
using FalServerless.Runtime.Scheduling.Planning;
using Microsoft.Extensions.Logging;

namespace FalServerless.Runtime.Scheduling;

/// <summary>
/// Gives calls to workers, and starts and ends workers as the <see cref="Placement"/> says. It has the one lock of all pools: a worker of
/// one may have to make room for another, and what a call takes under it is well below a microsecond.
/// </summary>
internal sealed partial class Dispatcher : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Placement _placement;
    private readonly Alarm _alarm;
    private readonly WorkerStarter _starter;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    public Dispatcher(Capacity capacity, QueueLimits limits, WorkerStarter starter, TimeProvider time, ILogger log)
    {
        (_starter, _time, _log) = (starter, time, log);
        _alarm = new(time, OnAlarm);
        _placement = new(capacity, limits, time, _alarm);
    }

    /// <summary>How many kinds of workers there are, or are waited for.</summary>
    public int PoolCount
    {
        get
        {
            lock (_lock)
            {
                return _placement.Pools.Count;
            }
        }
    }

    /// <summary>Brings the call to its pool: it runs at once where a worker has a free slot for it, else it waits.</summary>
    /// <param name="call">The call.</param>
    /// <param name="machineType">Its machine type.</param>
    /// <param name="lease">The lease of its environment, which the pool has from now on; null for none.</param>
    public void Enter(HostCall call, MachineType machineType, EnvironmentLease? lease)
    {
        WorkerPool? pool = null;
        PooledWorker? worker = null;
        Changes? changes = null;
        lock (_lock)
        {
            if (!call.HasEnded)
            {
                pool = _placement.Pool(PoolKey.Of(call.Owner, call.Options, lease?.Key), machineType, ref lease);
                worker = _placement.Admit(pool, call, ref changes);
            }
        }

        lease?.Dispose();
        Apply(changes);
        if (worker is not null)
        {
            Start(pool!, worker, call);
        }
        else if (call.Starting is not null && pool is not null)
        {
            ServeQueue(pool);
        }
    }

    /// <summary>
    /// Takes a call that was ended out of its queue, or tells its worker. The worker's slot is free when the worker says so; one that does
    /// not within the grace time is killed, as soon as nothing else runs on it.
    /// </summary>
    /// <returns>False when the call neither waits nor runs here.</returns>
    public bool Cancel(HostCall call)
    {
        WorkerPool? pool = null;
        PooledWorker? worker = null;
        Changes? changes = null;
        lock (_lock)
        {
            foreach (var candidate in _placement.Pools)
            {
                if (_placement.TryRemove(candidate, call))
                {
                    pool = candidate;
                    _placement.Update(pool, ref changes);
                    break;
                }

                if (candidate.Workers.FirstOrDefault(worker => !worker.IsLeaving && worker.TryCancel(call)) is { } found)
                {
                    (pool, worker) = (candidate, found);
                    break;
                }
            }
        }

        Apply(changes);
        if (pool is null)
        {
            return false;
        }

        if (worker is null)
        {
            call.Refuse(HostCall.Cancelled);
            return true;
        }

        var grace = call.Options.CancellationGrace;
        if (grace == TimeSpan.Zero)
        {
            GiveUp(pool, worker, call);
        }
        else
        {
            var timer = _time.CreateTimer(_ => GiveUp(pool, worker, call), null, grace, Timeout.InfiniteTimeSpan);
            lock (_lock)
            {
                worker.Keep(call, timer);
            }
        }

        worker.Handle.Cancel(call);
        return true;
    }

    /// <summary>From now on nothing starts, and nothing waits.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _placement.Close();
            _alarm.Dispose();
        }
    }

    // Starts a call that has its worker. If that died while idle, the call has not run: it goes back to the head of the queue.
    private void Start(WorkerPool pool, PooledWorker worker, HostCall call)
    {
        if (!TryStart(pool, worker, call))
        {
            PutBack(pool, worker, call);
            ServeQueue(pool);
        }
    }

    private void ServeQueue(WorkerPool pool)
    {
        while (true)
        {
            PooledWorker worker;
            HostCall call;
            Changes? changes = null;
            lock (_lock)
            {
                if (!_placement.TryTakeNext(pool, out worker, out call))
                {
                    _placement.Update(pool, ref changes);
                    worker = null!;
                }
            }

            if (worker is null)
            {
                Apply(changes);
                return;
            }

            if (!TryStart(pool, worker, call))
            {
                PutBack(pool, worker, call);
            }
        }
    }

    private bool TryStart(WorkerPool pool, PooledWorker worker, HostCall call)
    {
        if (call.Starting is not { } starting)
        {
            return worker.Handle.TryStart(call, pool.SlotsPerWorker > 1);
        }

        _ = StartAfterAsync(pool, worker, call, starting());
        return true;
    }

    private async Task StartAfterAsync(WorkerPool pool, PooledWorker worker, HostCall call, Task<bool> starting)
    {
        if (!await starting || call.HasEnded)
        {
            // Its slot is free again, and the worker has never heard of it.
            Finished(pool, worker, call);
        }
        else if (!worker.Handle.TryStart(call, pool.SlotsPerWorker > 1))
        {
            PutBack(pool, worker, call);
            ServeQueue(pool);
        }
    }

    private void PutBack(WorkerPool pool, PooledWorker worker, HostCall call)
    {
        lock (_lock)
        {
            _placement.PutBack(pool, worker, call);
        }
    }

    private void GiveUp(WorkerPool pool, PooledWorker worker, HostCall call)
    {
        // Its caller may still read what the body says.
        call.Refuse(HostCall.Cancelled);
        bool kill;
        Changes? changes = null;
        lock (_lock)
        {
            worker.SetOverdue(call);
            kill = worker.IsDrained;
            if (kill)
            {
                _placement.Retire(pool, worker);
                _placement.Update(pool, ref changes);
            }
            else if (worker.IsDraining)
            {
                pool.Withhold(worker);
            }
        }

        if (kill)
        {
            worker.Handle.Kill();
        }

        Apply(changes);
    }

    private void OnAlarm()
    {
        Changes? changes = null;
        lock (_lock)
        {
            _placement.Check(ref changes);
        }

        Apply(changes);
    }

    // On other threads: a refusal may write to its caller, and what is written to a worker that does not read may wait.
    private void Apply(Changes? changes)
    {
        if (changes is null)
        {
            return;
        }

        foreach (var (pool, share, keepAlive) in changes.Starts)
        {
            _ = Task.Run(() => StartWorkerAsync(pool, share, keepAlive));
        }

        foreach (var worker in changes.Stops)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static worker => worker.Handle.Stop(), worker, preferLocal: false);
        }

        foreach (var refused in changes.Refusals)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static refused => refused.Call.Refuse(refused.Refusal), refused, preferLocal: false);
        }

        foreach (var pool in changes.Unblocked)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static unblocked => unblocked.Item1.ServeQueue(unblocked.pool),
                (this, pool),
                preferLocal: false
            );
        }

        foreach (var lease in changes.Leases)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static lease => lease.Dispose(), lease, preferLocal: false);
        }
    }
}
