using FalServerless.Protocol;
using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Scheduling;

// How the pool gets workers.
internal sealed partial class WorkerPool
{
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
            var handle = await start(WorkerClass.Of(machineType));
            handle.Claim(machineType, _environment is { } use ? new() { Key = use.Key, Path = use.Path, AssemblyNames = use.AssemblyNames } : null);
            worker = new(handle, callsPerWorker);
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
}
