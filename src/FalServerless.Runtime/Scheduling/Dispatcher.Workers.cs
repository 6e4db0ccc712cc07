using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Environments;
using FalServerless.Runtime.Scheduling.Planning;
using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Scheduling;

// The lives of the workers.
internal sealed partial class Dispatcher
{
    /// <summary>Ends one worker: an idle one at once, one that runs calls after these, or, by force, with them.</summary>
    public StopOutcome Stop(string id, bool force)
    {
        PooledWorker? worker;
        Changes? changes = null;
        lock (_lock)
        {
            var (pool, found) = _placement
                .Pools.SelectMany(pool => pool.Workers.Select(worker => (pool, worker)))
                .FirstOrDefault(candidate => candidate.worker.Handle.Id == id && !candidate.worker.HasExited);
            worker = found;
            if (worker is null)
            {
                return StopOutcome.Unknown;
            }

            if (!force && !worker.IsIdle)
            {
                worker.IsDismissed = true;
                pool.Withhold(worker);
                return StopOutcome.Draining;
            }

            if (!force)
            {
                _placement.Stop(pool, worker, ref changes);
                _placement.Update(pool, ref changes);
            }
        }

        Apply(changes);
        if (force)
        {
            worker.Handle.Kill("An administrator of the host stopped the worker by force.");
        }

        return StopOutcome.Stopping;
    }

    /// <summary>All workers, and what each does now; without the memory that it holds.</summary>
    public IReadOnlyList<(WorkerHandle Handle, WorkerStatus Status)> Workers()
    {
        lock (_lock)
        {
            return
            [
                .. _placement.Pools.SelectMany(pool =>
                    pool.Workers.Where(worker => !worker.HasExited).Select(worker => (worker.Handle, Status(pool, worker)))
                ),
            ];
        }
    }

    /// <summary>What there is to end with the host.</summary>
    public (IReadOnlyList<WorkerHandle> Idle, IReadOnlyList<WorkerHandle> Others, IReadOnlyList<EnvironmentLease> Leases) Remaining()
    {
        lock (_lock)
        {
            var workers = _placement.Pools.SelectMany(pool => pool.Workers).ToLookup(worker => worker.IsIdle, worker => worker.Handle);
            return (
                [.. workers[true]],
                [.. workers[false]],
                [.. _placement.Pools.Select(pool => pool.EnvironmentLease).OfType<EnvironmentLease>()]
            );
        }
    }

    private static WorkerStatus Status(WorkerPool pool, PooledWorker worker) =>
        new()
        {
            Id = worker.Handle.Id,
            MachineType = pool.MachineType.Name,
            Environment = pool.Key.EnvironmentKey,
            Key = pool.Key.Owner,
            State =
                worker.IsLeaving || worker.IsDraining || (worker.ShouldRecycle && !worker.IsIdle) ? WorkerState.Draining
                : worker.IsIdle ? WorkerState.Idle
                : WorkerState.Busy,
            Running = worker.Running,
            Calls = worker.Leased,
            StartedAt = worker.Handle.StartedAt,
            IdleSince = worker is { IsIdle: true, IsLeaving: false } ? worker.IdleSince : null,
            KeepAliveEnds = worker is { IsIdle: true, IsLeaving: false } ? worker.KeepAlive?.End : null,
        };

    private async Task StartWorkerAsync(WorkerPool pool, Allocation share, TimeSpan? keepAlive)
    {
        PooledWorker worker;
        try
        {
            worker = await _starter.StartAsync(pool, share);
        }
        catch (Exception e)
        {
            FailStart(pool, share, e, isForCall: keepAlive is not null);
            return;
        }

        bool isClosed;
        lock (_lock)
        {
            pool.Add(worker);
            isClosed = _placement.IsClosed;
        }

        worker.Handle.Listen(call => Finished(pool, worker, call), calls => Gone(pool, worker, calls));
        _ = WatchAsync(pool, worker);
        if (isClosed)
        {
            worker.Handle.Kill();
            return;
        }

        ServeQueue(pool);
        if (keepAlive is { } duration)
        {
            KeepUnused(pool, worker, duration);
        }
    }

    // The calls that it was started for have ended, or another one has them. It may not wait for ever for the next.
    private void KeepUnused(WorkerPool pool, PooledWorker worker, TimeSpan keepAlive)
    {
        Changes? changes = null;
        lock (_lock)
        {
            if (!worker.IsFresh || worker.IsLeaving)
            {
                return;
            }

            if (keepAlive == TimeSpan.Zero && pool.HasSpareWorkers)
            {
                _placement.Stop(pool, worker, ref changes);
                _placement.Update(pool, ref changes);
            }
            else
            {
                StartKeepAlive(pool, worker, keepAlive);
            }
        }

        Apply(changes);
    }

    private void FailStart(WorkerPool pool, Allocation share, Exception e, bool isForCall)
    {
        HostCall? call;
        lock (_lock)
        {
            call = _placement.FailStart(pool, share, isForCall);
        }

        call?.Refuse(
            new()
            {
                Reason = RefusalReason.Host,
                Message = $"The host could not start a worker of machine type '{pool.MachineType}'. {e.Message}",
            }
        );
        ServeQueue(pool);
    }

    private void Finished(WorkerPool pool, PooledWorker worker, HostCall call)
    {
        var hasOutgrown = pool.Key.RecycleAboveBytes is { } limit && worker.Handle.ResidentBytes > limit;
        bool kill;
        bool stop;
        bool serve;
        Changes? changes = null;
        lock (_lock)
        {
            worker.Release(call);
            worker.ExceedsMemoryLimit |= hasOutgrown;
            kill = worker.IsDrained;
            stop =
                !worker.IsDraining
                && (call.Options.KeepAlive == TimeSpan.Zero || worker.IsLeaving || (worker.ShouldRecycle && worker.IsIdle));
            if (kill || stop)
            {
                _placement.Retire(pool, worker);
            }
            else if (worker.ShouldRecycle)
            {
                pool.Withhold(worker);
            }
            else if (!worker.IsDraining)
            {
                pool.Offer(worker);
                StartKeepAlive(pool, worker, call.Options.KeepAlive);
            }

            pool.RemoveIfExited(worker);
            serve = pool.Queue.Count > 0;
            if (!serve)
            {
                _placement.Update(pool, ref changes);
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

        Apply(changes);
        if (serve)
        {
            ServeQueue(pool);
        }
    }

    private void StartKeepAlive(WorkerPool pool, PooledWorker worker, TimeSpan duration)
    {
        if (worker.IsIdle)
        {
            var now = _time.GetUtcNow();
            worker.IdleSince = now;
            worker.KeepAlive ??= new(_time, () => Expire(pool, worker));
            worker.KeepAlive.Start(now, duration);
        }
    }

    private void Expire(WorkerPool pool, PooledWorker worker)
    {
        Changes? changes = null;
        lock (_lock)
        {
            if (worker.KeepAlive is not { } keepAlive)
            {
                return;
            }

            if (!worker.IsIdle)
            {
                keepAlive.Reset();
                return;
            }

            if (!keepAlive.IsOver())
            {
                return;
            }

            if (!pool.HasSpareWorkers)
            {
                keepAlive.Suspend();
                return;
            }

            _placement.Stop(pool, worker, ref changes);
            _placement.Update(pool, ref changes);
        }

        Apply(changes);
    }

    private async Task WatchAsync(WorkerPool pool, PooledWorker worker)
    {
        await worker.Handle.Exited;
        Changes? changes = null;
        lock (_lock)
        {
            _placement.Remove(pool, worker, ref changes);
        }

        Apply(changes);
    }

    // Calls that were cancelled have got their end already.
    private void Gone(WorkerPool pool, PooledWorker worker, IReadOnlyList<HostCall> running)
    {
        lock (_lock)
        {
            _placement.Retire(pool, worker, hasDied: true);
            foreach (var call in running)
            {
                worker.Release(call);
            }

            pool.RemoveIfExited(worker);
        }

        if (worker.HasCrashed)
        {
            _ = CrashReports.WriteAsync(worker.Handle, pool.MachineType, running, _log);
        }

        foreach (var call in running.Where(call => !call.HasEnded))
        {
            _ = CrashReports.RefuseAsync(worker.Handle, call);
        }

        ServeQueue(pool);
    }
}
