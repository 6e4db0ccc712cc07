using FalServerless.Protocol;
using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Scheduling;

// How places become free, and workers go.
internal sealed partial class WorkerPool
{
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
            _draining.Stop(worker.Handle);
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

        _draining.Stop(worker.Handle);
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
        var end = await worker.EndAsync();
        call.Refuse(CrashRefusal.Of(worker, end, call.Events.LastLines()));
    }
}
