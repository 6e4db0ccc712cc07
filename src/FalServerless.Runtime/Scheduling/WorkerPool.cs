using FalServerless.Protocol;
using FalServerless.Runtime.Environments;
using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Scheduling;

/// <summary>
/// The workers of one kind. Each has places for calls, one by default; the last used worker with a free place gets the next call, and beyond the limit
/// calls wait in order. After its last call a worker stays for that call's keep-alive.
/// </summary>
internal sealed partial class WorkerPool(MachineType machineType, int maximumWorkers, int callsPerWorker, StartWorker start, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<PooledWorker> _workers = [];

    // Those with a free place, the last used at the end.
    private readonly List<PooledWorker> _free = [];
    private readonly CallQueue _queue = new(machineType, maximumWorkers);
    private int _starting;
    private PoolGrowth? _growth;
    private bool _disposed;
    private EnvironmentUse? _environment;

    private int Count => _workers.Count + _starting;

    // More calls wait than the workers that are starting will have places for.
    private bool LacksPlaces => _queue.Count > (long)_starting * callsPerWorker && !_disposed;

    public void WarmUp()
    {
        lock (_lock)
        {
            StartWorker();
        }
    }

    /// <summary>Keeps the environment of the pool's workers until the pool is disposed of; one use of it is enough.</summary>
    public void Hold(EnvironmentUse? use)
    {
        if (use is not null && Interlocked.CompareExchange(ref _environment, use, null) is not null)
        {
            use.Dispose();
        }
    }

    public void Submit(Invocation call)
    {
        while (true)
        {
            PooledWorker? worker;
            lock (_lock)
            {
                if (call.HasEnded)
                {
                    return;
                }

                worker = TryLease(call);
                if (worker is null)
                {
                    Enqueue(call);
                    return;
                }
            }

            if (worker.Handle.TryStart(call, callsPerWorker > 1))
            {
                return;
            }

            // It died while idle, and the call has not run: another one takes it.
            lock (_lock)
            {
                Forget(worker);
            }
        }
    }

    /// <summary>
    /// Takes a call that was ended out of the queue, or tells its worker. The worker's place is free when the worker says so; one that does not within
    /// the grace time is killed, as soon as nothing else runs on it.
    /// </summary>
    public void Cancel(Invocation call)
    {
        PooledWorker? worker;
        lock (_lock)
        {
            if (_queue.TryRemove(call))
            {
                return;
            }

            worker = _workers.Find(worker => worker.TryCancel(call));
        }

        if (worker is null)
        {
            return;
        }

        var grace = call.Environment.CancellationGrace;
        if (grace == TimeSpan.Zero)
        {
            GiveUp(worker, call);
        }
        else
        {
            var timer = time.CreateTimer(_ => GiveUp(worker, call), null, grace, Timeout.InfiniteTimeSpan);
            lock (_lock)
            {
                worker.Keep(call, timer);
            }
        }

        worker.Handle.Cancel(call);
    }

    /// <summary>Kills the workers and waits for their end.</summary>
    public async ValueTask DisposeAsync()
    {
        List<PooledWorker> workers;
        lock (_lock)
        {
            _disposed = true;
            _growth?.Dispose();
            workers = [.. _workers];
        }

        workers.ForEach(worker => worker.Handle.Kill());
        await Task.WhenAll(workers.Select(worker => worker.Handle.Exited));
        _environment?.Dispose();
    }

    private PooledWorker? TryLease(Invocation call)
    {
        for (var i = _free.Count - 1; i >= 0; i--)
        {
            var worker = _free[i];
            if (worker.Suits(call))
            {
                worker.Lease(call);
                if (!worker.HasPlace)
                {
                    _free.RemoveAt(i);
                }

                return worker;
            }
        }

        return null;
    }

    private void Enqueue(Invocation call)
    {
        if (_disposed)
        {
            call.Refuse(new() { Reason = RefusalReason.Host, Message = "The host is shutting down." });
        }
        else if (_queue.TryAdd(call, time.GetTimestamp()))
        {
            Grow();
        }
    }

    // The first in the queue that some worker suits goes first; nobody overtakes for a worker that suits the first.
    private void ServeQueue()
    {
        while (true)
        {
            PooledWorker? worker = null;
            Invocation? call = null;
            lock (_lock)
            {
                if (_free.Count > 0)
                {
                    call = _queue.TakeFirst(call => (worker = TryLease(call)) is not null);
                }

                if (worker is null)
                {
                    Grow();
                    return;
                }
            }

            if (worker.Handle.TryStart(call!, callsPerWorker > 1))
            {
                continue;
            }

            lock (_lock)
            {
                Forget(worker);
                if (!call!.HasEnded)
                {
                    _queue.PutBack(call);
                }
            }
        }
    }
}
