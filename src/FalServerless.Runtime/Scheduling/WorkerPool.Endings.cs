using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Observability;
using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Scheduling;

// How places become free, and workers go.
internal sealed partial class WorkerPool
{
    private StartDelay? _restart;

    // Kept workers that are idle count as such only while there are not more of them.
    private int Spare => _workers.Count - _kept;

    /// <summary>Its idle workers, and whether each is among those that are kept.</summary>
    public IEnumerable<(PooledWorker Worker, bool IsKept)> Idle()
    {
        var spare = Spare;
        foreach (var worker in _free.Where(worker => worker.IsIdle).OrderBy(worker => worker.IdleSince))
        {
            yield return (worker, spare-- <= 0);
        }
    }

    /// <summary>Has the worker take no calls any more, and asks its process to end.</summary>
    public void RetireAndStop(PooledWorker worker)
    {
        Retire(worker);

        // Not under the lock: what is written to a worker that does not read may wait.
        ThreadPool.UnsafeQueueUserWorkItem(static worker => worker.Handle.Stop(), worker, preferLocal: false);
    }

    /// <summary>Ends a worker: an idle one at once, one that runs calls after these, or, by force, with them.</summary>
    public StopOutcome Stop(string id, bool force)
    {
        PooledWorker? worker;
        lock (placement.Lock)
        {
            worker = Workers.FirstOrDefault(worker => worker.Handle.Id == id && !worker.HasExited);
            if (worker is null)
            {
                return StopOutcome.Unknown;
            }

            if (!force && !worker.IsIdle)
            {
                worker.IsDismissed = true;
                _free.Remove(worker);
                return StopOutcome.Draining;
            }

            if (!force)
            {
                RetireAndStop(worker);
                placement.Settle(this);
                return StopOutcome.Stopping;
            }
        }

        worker.Handle.Kill("An administrator of the host stopped the worker by force.");
        return StopOutcome.Stopping;
    }

    private void Finished(PooledWorker worker, HostCall call)
    {
        var hasOutgrown = key.RecycleAboveBytes is { } limit && worker.Handle.ResidentBytes > limit;
        bool kill;
        bool stop;
        bool serve;
        lock (placement.Lock)
        {
            worker.Release(call);
            worker.ExceedsMemoryLimit |= hasOutgrown;
            kill = worker.IsDrained;
            stop =
                !worker.IsDraining
                && (call.Options.KeepAlive == TimeSpan.Zero || worker.IsLeaving || (worker.ShouldRecycle && worker.IsIdle));
            if (kill || stop)
            {
                Retire(worker);
            }
            else if (worker.ShouldRecycle)
            {
                _free.Remove(worker);
            }
            else if (!worker.IsDraining)
            {
                // The last used one is the first to be used again.
                _free.Remove(worker);
                _free.Add(worker);
                StartKeepAlive(worker, call.Options.KeepAlive);
            }

            RemoveIfExited(worker);
            serve = _queue.Count > 0;
            if (!serve)
            {
                placement.Settle(this);
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

        if (serve)
        {
            ServeQueue();
        }
    }

    private void GiveUp(PooledWorker worker, HostCall call)
    {
        // Its caller may still read what the body says.
        call.Refuse(HostCall.Cancelled);
        bool kill;
        lock (placement.Lock)
        {
            worker.SetOverdue(call);
            kill = worker.IsDrained;
            if (kill)
            {
                Retire(worker);
                placement.Settle(this);
            }
            else if (worker.IsDraining)
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
            var now = time.GetUtcNow();
            worker.IdleSince = now;
            worker.KeepAlive ??= new(time, () => Expire(worker));
            worker.KeepAlive.Start(now, duration);
        }
    }

    private void Expire(PooledWorker worker)
    {
        lock (placement.Lock)
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

            if (Spare <= 0)
            {
                keepAlive.Suspend();
                return;
            }

            RetireAndStop(worker);
            placement.Settle(this);
        }
    }

    // Once for each worker. It has its share until its process is gone.
    private void Retire(PooledWorker worker, bool hasDied = false)
    {
        if (worker.IsLeaving)
        {
            return;
        }

        if (!worker.IsFresh)
        {
            _restart?.Succeeded();
        }
        else if (hasDied)
        {
            (_restart ??= new(time)).Failed(time.GetUtcNow() - worker.IdleSince);
        }

        worker.HasCrashed = hasDied && !placement.IsDisposed;
        _workers.Remove(worker);
        _free.Remove(worker);
        _leaving.Add(worker);
        worker.Leave();
        placement.Capacity.MarkReleasing(worker.Share);
    }

    // A call that was leased a place on it and has not come back yet may still return to the queue: until then there is a pool.
    private void RemoveIfExited(PooledWorker worker)
    {
        if (worker.HasExited && worker.IsIdle)
        {
            _leaving.Remove(worker);
        }
    }

    private async Task WatchAsync(PooledWorker worker)
    {
        await worker.Handle.Exited;
        lock (placement.Lock)
        {
            Retire(worker, hasDied: true);
            worker.HasExited = true;
            placement.Capacity.Return(worker.Share, isExpected: true);
            RemoveIfExited(worker);
            placement.Settle(this);
        }
    }

    // Calls that were cancelled have got their end already.
    private void Gone(PooledWorker worker, IReadOnlyList<HostCall> running)
    {
        lock (placement.Lock)
        {
            Retire(worker, hasDied: true);
            foreach (var call in running)
            {
                worker.Release(call);
            }

            RemoveIfExited(worker);
        }

        if (worker.HasCrashed)
        {
            _ = ReportCrashAsync(worker.Handle, running);
        }

        foreach (var call in running.Where(call => !call.HasEnded))
        {
            _ = RefuseCrashedAsync(worker.Handle, call);
        }

        ServeQueue();
    }

    private async Task ReportCrashAsync(WorkerHandle worker, IReadOnlyList<HostCall> running)
    {
        var end = await worker.EndAsync();
        var calls =
            running.Count == 0
                ? "no call"
                : $"the {(running.Count == 1 ? "call" : "calls")} {string.Join(", ", running.Select(call => $"{call.Id:n}"))}";
        Log.WorkerCrashed(placement.Log, worker.Id, machineType.Name, end.Cause, calls, end.Describe(""));
    }

    private static async Task RefuseCrashedAsync(WorkerHandle worker, HostCall call)
    {
        var end = await worker.EndAsync();
        call.Refuse(CrashRefusal.Of(worker, end, call.Events.LastLines()));
    }
}
