using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Observability;
using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Scheduling;

// How the pool gets workers.
internal sealed partial class WorkerPool
{
    /// <summary>
    /// Beyond one worker a core. A new worker takes tens of milliseconds to start and then shares the cores: that is worth it only for
    /// calls that wait.
    /// </summary>
    public static readonly TimeSpan GrowthDelay = TimeSpan.FromMilliseconds(10);

    /// <summary>A start that takes longer is reported; a usual one takes well under a second.</summary>
    public static readonly TimeSpan SlowStart = TimeSpan.FromSeconds(5);

    /// <summary>Whether it has fewer workers than it keeps, and may start one now; else after what time it may.</summary>
    public bool LacksKeptWorkers(out TimeSpan left)
    {
        left = _restart?.Left ?? TimeSpan.Zero;
        return Count < _kept;
    }

    /// <summary>The first call that the pool should start a further worker for; null for none.</summary>
    /// <param name="later">After what time that may change; null when only an event changes it.</param>
    public HostCall? Want(out TimeSpan? later)
    {
        later = null;
        var coming = SlotsToCome;
        if (_queue.Count <= coming)
        {
            return null;
        }

        // When all places are taken, by idle workers that suit nobody who waits among others, the longest idle one of these goes.
        if (
            Count >= maximumWorkers
            && !placement.HoldsBack(machineType, _queue.First!.Turn)
            && _free.Find(worker => worker.IsIdle && !_queue.Any(worker.CanRun)) is { } oldest
        )
        {
            RetireAndStop(oldest);
        }

        if (Count >= maximumWorkers)
        {
            return null;
        }

        var waited = time.GetElapsedTime(_queue.First!.QueuedAt);
        if (Count >= System.Environment.ProcessorCount && waited < GrowthDelay && !_free.Exists(worker => worker.IsIdle))
        {
            later = GrowthDelay - waited;
            return null;
        }

        return _queue.After(coming);
    }

    /// <summary>Starts a worker for a call, or to be kept.</summary>
    public void StartWorker(Allocation share, HostCall? call)
    {
        _starting++;
        var keepAlive = call?.Options.KeepAlive;
        _ = Task.Run(() => StartWorkerAsync(share, keepAlive));
    }

    private async Task StartWorkerAsync(Allocation share, TimeSpan? keepAlive)
    {
        PooledWorker worker;
        var began = time.GetTimestamp();
        try
        {
            var handle = await placement.Generic.TakeAsync(WorkerClass.Of(machineType, share.Gpu));
            handle.Claim(
                machineType,
                environment is null
                    ? null
                    : new()
                    {
                        Key = environment.Key,
                        Path = environment.Path,
                        AssemblyNames = environment.AssemblyNames,
                    }
            );
            worker = new(handle, key, share, time.GetUtcNow());
        }
        catch (Exception e)
        {
            FailToStart(e, share, isForCall: keepAlive is not null);
            return;
        }

        if (time.GetElapsedTime(began) is var taken && taken >= SlowStart)
        {
            Log.WorkerStartedSlowly(placement.Log, machineType.Name, taken.TotalSeconds);
        }

        bool disposed;
        lock (placement.Lock)
        {
            _starting--;
            placement.Started();
            _workers.Add(worker);
            _free.Add(worker);
            disposed = placement.IsDisposed;
        }

        worker.Handle.Listen(call => Finished(worker, call), calls => Gone(worker, calls));
        _ = WatchAsync(worker);
        if (disposed)
        {
            worker.Handle.Kill();
            return;
        }

        ServeQueue();
        if (keepAlive is { } duration)
        {
            KeepUnused(worker, duration);
        }
    }

    // The calls that it was started for have ended, or another one has them. It may not wait for ever for the next.
    private void KeepUnused(PooledWorker worker, TimeSpan keepAlive)
    {
        lock (placement.Lock)
        {
            if (!worker.IsFresh || worker.IsLeaving)
            {
                return;
            }

            if (keepAlive == TimeSpan.Zero && _workers.Count > _kept)
            {
                RetireAndStop(worker);
                placement.Settle(this);
            }
            else
            {
                StartKeepAlive(worker, keepAlive);
            }
        }
    }

    private void FailToStart(Exception e, Allocation share, bool isForCall)
    {
        Log.WorkerNotStarted(placement.Log, machineType.Name, e.Message);
        HostCall? refused = null;
        lock (placement.Lock)
        {
            _starting--;
            placement.Started();
            placement.Capacity.Return(share, isExpected: false);
            if (!isForCall)
            {
                (_restart ??= new(time)).Failed();
            }
            else if ((refused = _queue.First) is not null)
            {
                _queue.TryRemove(refused);
                placement.Unqueued();
            }
        }

        refused?.Refuse(
            new()
            {
                Reason = RefusalReason.Host,
                Message = $"The host could not start a worker of machine type '{machineType}'. {e.Message}",
            }
        );
        ServeQueue();
    }
}
