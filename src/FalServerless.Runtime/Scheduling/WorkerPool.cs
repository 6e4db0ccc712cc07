using FalServerless.Protocol;
using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Scheduling;

/// <summary>
/// The workers of one kind. Each has places for calls, one by default; the last used worker with a free place gets the next call, and beyond the limit
/// calls wait in order. After its last call a worker stays for that call's keep-alive.
/// </summary>
internal sealed class WorkerPool(MachineType machineType, int maximumWorkers, int callsPerWorker, StartWorker start, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<PooledWorker> _workers = [];

    // Those with a free place, the last used at the end.
    private readonly List<PooledWorker> _free = [];
    private readonly CallQueue _queue = new(machineType, maximumWorkers);
    private int _starting;
    private PoolGrowth? _growth;
    private bool _disposed;

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

    // After a call was queued, or stayed so. An idle worker that it was not given to suits it not, and leaves at once.
    private void Grow()
    {
        if (!LacksPlaces)
        {
            return;
        }

        if (Count < Math.Min(maximumWorkers, Environment.ProcessorCount) || _free.Exists(worker => worker.IsIdle))
        {
            MakeRoomAndStart();
        }
        else if (Count < maximumWorkers)
        {
            _growth ??= new(time, GrowForWaiting);
            _growth.Arm();
        }
    }

    private void GrowForWaiting()
    {
        lock (_lock)
        {
            while (_queue.First is { } first && time.GetElapsedTime(first.QueuedAt) >= PoolGrowth.After && LacksPlaces && Count < maximumWorkers)
            {
                StartWorker();
            }

            Grow();
        }
    }

    // When all places are taken by idle workers that suit nobody who waits, the longest idle one goes.
    private void MakeRoomAndStart()
    {
        if (Count >= maximumWorkers && _free.Find(worker => worker.IsIdle) is { } oldest)
        {
            Forget(oldest);
            oldest.Handle.Stop();
        }

        if (Count < maximumWorkers)
        {
            StartWorker();
        }
    }

    private void StartWorker()
    {
        _starting++;
        _ = Task.Run(StartWorkerAsync);
    }

    private async Task StartWorkerAsync()
    {
        PooledWorker worker;
        try
        {
            worker = new(await start(machineType), callsPerWorker);
        }
        catch (Exception e)
        {
            FailToStart(e);
            return;
        }

        bool disposed;
        lock (_lock)
        {
            _starting--;
            disposed = _disposed;
            if (!disposed)
            {
                // It stays until a call has used it: only calls have a keep-alive.
                _workers.Add(worker);
                _free.Add(worker);
            }
        }

        if (disposed)
        {
            worker.Handle.Kill();
            return;
        }

        worker.Handle.Listen(call => Finished(worker, call), calls => Gone(worker, calls));
        ServeQueue();
    }

    private void FailToStart(Exception e)
    {
        Invocation? refused;
        lock (_lock)
        {
            _starting--;
            refused = _queue.First;
            if (refused is not null)
            {
                _queue.TryRemove(refused);
            }
        }

        refused?.Refuse(new() { Reason = RefusalReason.Host, Message = $"The host could not start a worker of machine type '{machineType}'. {e.Message}" });
        ServeQueue();
    }

    private void Finished(PooledWorker worker, Invocation call)
    {
        bool kill;
        bool stop;
        bool waiting;
        lock (_lock)
        {
            worker.Release(call);
            kill = worker.IsDrained;
            stop = !worker.IsDraining && (call.Environment.KeepAlive == TimeSpan.Zero || !_workers.Contains(worker));
            waiting = _queue.Count > 0;
            if (stop)
            {
                Forget(worker);
            }
            else if (!worker.IsDraining)
            {
                // The last used one is the first to be used again.
                _free.Remove(worker);
                _free.Add(worker);
                StartKeepAlive(worker, call.Environment.KeepAlive);
            }
        }

        if (kill)
        {
            worker.Handle.Kill();
        }
        else if (stop)
        {
            worker.Handle.Stop();
        }

        if (waiting)
        {
            ServeQueue();
        }
    }

    private void GiveUp(PooledWorker worker, Invocation call)
    {
        bool kill;
        lock (_lock)
        {
            worker.SetOverdue(call);
            kill = worker.IsDrained;
            if (worker.IsDraining)
            {
                _free.Remove(worker);
            }
        }

        if (kill)
        {
            worker.Handle.Kill();
        }
    }

    private void StartKeepAlive(PooledWorker worker, TimeSpan duration)
    {
        if (worker.IsIdle)
        {
            worker.KeepAlive ??= new(time, () => Expire(worker));
            worker.KeepAlive.Start(duration);
        }
    }

    private void Expire(PooledWorker worker)
    {
        lock (_lock)
        {
            if (worker.KeepAlive is not { } keepAlive)
            {
                return;
            }

            if (!worker.IsIdle)
            {
                keepAlive.Rest();
                return;
            }

            if (!keepAlive.IsOver())
            {
                return;
            }

            Forget(worker);
        }

        worker.Handle.Stop();
    }

    private void Forget(PooledWorker worker)
    {
        _workers.Remove(worker);
        _free.Remove(worker);
        worker.Forget();
    }

    // Calls that were cancelled have got their end already.
    private void Gone(PooledWorker worker, IReadOnlyList<Invocation> running)
    {
        lock (_lock)
        {
            Forget(worker);
        }

        foreach (var call in running.Where(call => !call.HasEnded))
        {
            _ = RefuseCrashedAsync(worker.Handle, call);
        }

        ServeQueue();
    }

    private static async Task RefuseCrashedAsync(WorkerHandle worker, Invocation call)
    {
        var end = await worker.DescribeEndAsync();
        call.Refuse(new()
        {
            Reason = RefusalReason.WorkerCrashed,
            Message = $"The worker (process {worker.ProcessId}, machine type '{worker.MachineType}') ended while it ran the call: {end}",
            ExitCode = worker.ExitCode,
        });
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
