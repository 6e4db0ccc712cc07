using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Environments;
using Microsoft.Extensions.Logging;

namespace FalServerless.Runtime.Scheduling;

/// <summary>
/// Which pool gets the room for a further worker: the one whose call waits longest. A call that fits may overtake one that waits for more
/// than is free, for a bounded time. Everything but the lock itself is used under the lock.
/// </summary>
internal sealed partial class Placement : IDisposable
{
    private readonly QueueLimits _limits;
    private readonly TimeProvider _time;
    private readonly Alarm _alarm;
    private readonly Dictionary<PoolKey, WorkerPool> _pools = [];
    private int _queued;
    private int _starting;
    private long _turn;

    public Placement(Capacity capacity, PrewarmedWorkers generic, QueueLimits limits, TimeProvider time, ILogger log)
    {
        (Capacity, Generic, _limits, _time, Log) = (capacity, generic, limits, time, log);
        _alarm = new(time, OnTimer);
    }

    /// <summary>
    /// The lock of all pools: a worker of one may have to make room for another, and what a call takes under it is well below a
    /// microsecond.
    /// </summary>
    public Lock Lock { get; } = new();

    public Capacity Capacity { get; }

    public PrewarmedWorkers Generic { get; }

    /// <summary>Where pools report the crashes and starts of their workers.</summary>
    public ILogger Log { get; }

    public IReadOnlyCollection<WorkerPool> Pools => _pools.Values;

    public bool IsDisposed { get; private set; }

    /// <summary>The pool of the key, which takes the use of its environment unless it has one.</summary>
    public WorkerPool Pool(PoolKey key, MachineType machineType, ref EnvironmentLease? use)
    {
        if (!_pools.TryGetValue(key, out var pool))
        {
            var most = Math.Max(1, Capacity.MaxWorkers(machineType));
            _pools.Add(key, pool = new(key, machineType, use, Math.Min(key.MaxWorkers ?? most, most), this, _time));
            use = null;
        }

        return pool;
    }

    /// <summary>Has the call wait for a worker of the pool; one that may not is refused.</summary>
    public void Queue(WorkerPool pool, HostCall call, int maximumWorkers)
    {
        if (IsDisposed)
        {
            Refuse(call, new() { Reason = RefusalReason.Host, Message = "The host is shutting down." });
        }
        else if (_queued >= _limits.Count && call.Starting is null)
        {
            Refuse(call, _limits.Full(pool.MachineType, maximumWorkers, pool.Queue.Count));
        }
        else if (call.Allowance?.RefuseQueued() is { } refusal)
        {
            Refuse(call, refusal);
        }
        else
        {
            call.Queue(_time.GetTimestamp(), ++_turn);
            pool.Queue.Add(call);
            _queued++;
            _alarm.Arm(_limits.Wait);
        }
    }

    public void PutBack(WorkerPool pool, HostCall call)
    {
        // One that had its worker at once has never waited, nor been copied.
        if (call.Turn == 0)
        {
            call.Queue(_time.GetTimestamp(), pool.Queue.First?.Turn ?? ++_turn);
        }

        pool.Queue.PutBack(call);
        _queued++;
        _alarm.Arm(_limits.Wait);
    }

    /// <summary>A call has left its queue.</summary>
    public void Unqueued() => _queued--;

    /// <summary>A worker that was starting has come, or will not.</summary>
    public void Started() => _starting--;

    /// <summary>
    /// To be called whenever something of the pool has changed that others may have waited for, or that it needs others for.
    /// </summary>
    public void Settle(WorkerPool pool)
    {
        if (IsDisposed)
        {
            return;
        }

        if (_isUnsettled || pool.LacksKeptWorkers(out _) || pool.Want(out var later) is not null)
        {
            Arrange();
        }
        else if (later is { } after)
        {
            _alarm.Arm(after);
        }

        if (pool.IsOver)
        {
            Forget(pool);
        }
    }

    /// <summary>From now on nothing starts, and nothing waits.</summary>
    public void Dispose()
    {
        lock (Lock)
        {
            IsDisposed = true;
            _alarm.Dispose();
        }
    }

    // Not under the lock: a refusal may write to its caller.
    private static void Refuse(HostCall call, Refusal refusal) =>
        ThreadPool.UnsafeQueueUserWorkItem(static state => state.call.Refuse(state.refusal), (call, refusal), preferLocal: false);

    private void OnTimer()
    {
        lock (Lock)
        {
            _alarm.Reset();
            if (!IsDisposed)
            {
                Arrange();
            }
        }
    }

    private void Forget(WorkerPool pool)
    {
        _pools.Remove(pool.Key);
        if (pool.EnvironmentLease is { } use)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static use => use.Dispose(), use, preferLocal: false);
        }
    }
}
