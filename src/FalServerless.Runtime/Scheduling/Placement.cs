using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Environments;
using FalServerless.Runtime.Scheduling.Planning;

namespace FalServerless.Runtime.Scheduling;

/// <summary>
/// The state of all pools: which call waits where, which worker runs it, and what of the host's capacity is taken. It starts and ends
/// nothing: what follows from a change comes back as <see cref="Changes"/>. Used under the lock of its dispatcher.
/// </summary>
internal sealed class Placement(Capacity capacity, QueueLimits limits, TimeProvider time, Alarm alarm)
{
    private readonly Dictionary<PoolKey, WorkerPool> _pools = [];
    private IReadOnlyList<Reservation> _reservations = [];
    private bool _isShort;
    private int _queued;
    private long _turn;

    public IReadOnlyCollection<WorkerPool> Pools => _pools.Values;

    /// <summary>Whether nothing starts and nothing waits any more.</summary>
    public bool IsClosed { get; private set; }

    public void Close() => IsClosed = true;

    /// <summary>The pool of the key, which takes the lease of its environment unless it has one.</summary>
    public WorkerPool Pool(PoolKey key, MachineType machineType, ref EnvironmentLease? lease)
    {
        if (!_pools.TryGetValue(key, out var pool))
        {
            var most = Math.Max(1, capacity.MaxWorkers(machineType));
            _pools.Add(key, pool = new(key, machineType, lease, Math.Min(key.MaxWorkers ?? most, most), time));
            lease = null;
        }

        return pool;
    }

    /// <summary>Gives the call a worker with a free slot, or queues it.</summary>
    /// <returns>Its worker; null when it waits, or was refused.</returns>
    public PooledWorker? Admit(WorkerPool pool, HostCall call, ref Changes? changes)
    {
        // Others may come between a worker's becoming free and its going to the first in the queue. Detached calls keep their order.
        var worker = call.Starting is not null && pool.Queue.Count > 0 ? null : TryLease(pool, call, long.MaxValue);
        if (worker is null)
        {
            if (Enqueue(pool, call) is { } refusal)
            {
                (changes ??= new()).Refusals.Add((call, refusal));
            }

            Update(pool, ref changes);
        }

        return worker;
    }

    /// <summary>
    /// Takes the first call of the queue that some worker can run; none overtakes for a worker that can run the first.
    /// </summary>
    public bool TryTakeNext(WorkerPool pool, out PooledWorker worker, out HostCall call)
    {
        PooledWorker? found = null;
        var next =
            pool.Free.Count > 0 && pool.Queue.Count > 0
                ? pool.Queue.TakeFirst(call => (found = TryLease(pool, call, call.Turn)) is not null)
                : null;
        (worker, call) = (found!, next!);
        if (next is null)
        {
            return false;
        }

        _queued--;
        return true;
    }

    /// <summary>Takes a call out of the queue.</summary>
    /// <returns>False when it does not wait there.</returns>
    public bool TryRemove(WorkerPool pool, HostCall call)
    {
        if (!pool.Queue.TryRemove(call))
        {
            return false;
        }

        _queued--;
        return true;
    }

    /// <summary>Takes back a call that a worker did not get, to the head of the queue; one that has ended meanwhile is forgotten.</summary>
    public void PutBack(WorkerPool pool, PooledWorker worker, HostCall call)
    {
        worker.Release(call);
        Retire(pool, worker, hasDied: true);
        if (!call.HasEnded)
        {
            // One that had its worker at once has never waited, nor been copied.
            if (call.Turn == 0)
            {
                call.Queue(time.GetTimestamp(), pool.Queue.First?.Turn ?? ++_turn);
            }

            pool.Queue.PutBack(call);
            _queued++;
            alarm.Arm(limits.Wait);
        }

        pool.RemoveIfExited(worker);
    }

    /// <summary>The worker takes no calls any more. It has its share until its process is gone.</summary>
    public void Retire(WorkerPool pool, PooledWorker worker, bool hasDied = false)
    {
        if (pool.Retire(worker, hasDied))
        {
            worker.HasCrashed = hasDied && !IsClosed;
            capacity.MarkReleasing(worker.Share);
        }
    }

    /// <summary>Has the worker take no calls any more, and be asked to end.</summary>
    public void Stop(WorkerPool pool, PooledWorker worker, ref Changes? changes)
    {
        Retire(pool, worker);
        (changes ??= new()).Stops.Add(worker);
    }

    /// <summary>The worker's process is gone.</summary>
    public void Remove(WorkerPool pool, PooledWorker worker, ref Changes? changes)
    {
        Retire(pool, worker, hasDied: true);
        worker.HasExited = true;
        capacity.Return(worker.Share, isExpected: true);
        pool.RemoveIfExited(worker);
        Update(pool, ref changes);
    }

    /// <summary>A worker did not start.</summary>
    /// <param name="pool">Whose it was.</param>
    /// <param name="share">What was taken for it.</param>
    /// <param name="isForCall">Whether it was to run calls; else it was to be kept.</param>
    /// <returns>The call that it was for; null for none.</returns>
    public HostCall? FailStart(WorkerPool pool, Allocation share, bool isForCall)
    {
        pool.FailStart(isForCall);
        capacity.Return(share, isExpected: false);
        return isForCall && pool.Queue.First is { } first && TryRemove(pool, first) ? first : null;
    }

    /// <summary>
    /// To be called whenever something of the pool has changed that others may have waited for, or that it needs others for.
    /// </summary>
    public void Update(WorkerPool pool, ref Changes? changes)
    {
        if (IsClosed)
        {
            return;
        }

        TimeSpan? later = null;
        if (_isShort || Planner.IsNeeded(pool, _reservations, capacity, Environment.ProcessorCount, out later))
        {
            Arrange(ref changes);
        }
        else if (later is { } after)
        {
            alarm.Arm(after);
        }

        if (pool.IsOver)
        {
            Forget(pool, ref changes);
        }
    }

    /// <summary>To be called when the alarm goes off.</summary>
    public void Check(ref Changes? changes)
    {
        alarm.Reset();
        if (!IsClosed)
        {
            Arrange(ref changes);
        }
    }

    // Why a call may not wait; null if it may, and does.
    private Refusal? Enqueue(WorkerPool pool, HostCall call)
    {
        if (IsClosed)
        {
            return new() { Reason = RefusalReason.Host, Message = "The host is shutting down." };
        }

        if (_queued >= limits.Count && call.Starting is null)
        {
            return limits.Full(pool.MachineType, pool.MaximumWorkers, pool.Queue.Count);
        }

        if (call.Allowance?.RefuseQueued() is { } refusal)
        {
            return refusal;
        }

        call.Queue(time.GetTimestamp(), ++_turn);
        pool.Queue.Add(call);
        _queued++;
        alarm.Arm(limits.Wait);
        return null;
    }

    private PooledWorker? TryLease(WorkerPool pool, HostCall call, long turn) =>
        Planner.IsBlocked(pool.MachineType, turn, _reservations, capacity) ? null : pool.TryLease(call);

    private void Arrange(ref Changes? changes)
    {
        changes ??= new();
        RemoveOverdue(changes);
        var plan = Planner.Make(_pools.Values, capacity, Environment.ProcessorCount);
        foreach (var (pool, worker) in plan.Stops)
        {
            Retire((WorkerPool)pool, (PooledWorker)worker);
            changes.Stops.Add((PooledWorker)worker);
        }

        foreach (var (pool, keepAlive) in plan.Starts)
        {
            ((WorkerPool)pool).BeginStart();
            changes.Starts.Add(((WorkerPool)pool, capacity.Take(pool.MachineType), keepAlive));
        }

        if (plan.Next is { } next)
        {
            alarm.Arm(next);
        }

        if (_reservations.Count > 0 && !_reservations.SequenceEqual(plan.Reservations))
        {
            changes.Unblocked.AddRange(_pools.Values.Where(pool => pool.Queue.Count > 0));
        }

        (_reservations, _isShort) = (plan.Reservations, plan.IsShort);
        foreach (var pool in _pools.Values.Where(pool => pool.IsOver).ToArray())
        {
            Forget(pool, ref changes);
        }
    }

    private void RemoveOverdue(Changes changes)
    {
        foreach (var pool in _pools.Values)
        {
            while (pool.Queue.FirstLimited is { } first)
            {
                var waited = time.GetElapsedTime(first.QueuedAt);
                if (waited < limits.Wait)
                {
                    alarm.Arm(limits.Wait - waited);
                    break;
                }

                TryRemove(pool, first);
                changes.Refusals.Add((first, limits.Overdue(pool.MachineType, waited, pool.Busy)));
            }
        }
    }

    private void Forget(WorkerPool pool, ref Changes? changes)
    {
        if (_pools.TryGetValue(pool.Key, out var known) && known == pool && _pools.Remove(pool.Key) && pool.EnvironmentLease is { } lease)
        {
            (changes ??= new()).Leases.Add(lease);
        }
    }
}
