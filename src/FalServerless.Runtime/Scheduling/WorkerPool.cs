using FalServerless.Protocol;
using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Scheduling;

/// <summary>
/// The workers of one machine type. An idle one is leased to one call at a time, the last used first; beyond the limit calls wait in order.
/// After each call a worker stays for the call's keep-alive.
/// </summary>
internal sealed class WorkerPool(MachineType machineType, int maximumWorkers, ProcessLauncher launcher, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How many calls may wait: more than a program starts by mistake, and few enough that the last one's wait is known early.</summary>
    private const int MaximumQueue = 10_000;

    private readonly Lock _lock = new();
    private readonly List<IdleWorker> _idle = [];
    private readonly LinkedList<Invocation> _queue = new();
    private readonly Dictionary<WorkerHandle, Invocation> _busy = [];
    private int _starting;
    private bool _disposed;

    private int Count => _idle.Count + _busy.Count + _starting;

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
            WorkerHandle? worker;
            lock (_lock)
            {
                worker = TryLease(call);
                if (worker is null)
                {
                    Enqueue(call);
                    return;
                }
            }

            if (worker.TryStart(call))
            {
                return;
            }

            // It died while idle, and the call has not run: another one takes it.
            lock (_lock)
            {
                _busy.Remove(worker);
            }
        }
    }

    /// <summary>Takes a call out of the queue, or kills the worker that runs it.</summary>
    public void End(Invocation call)
    {
        WorkerHandle? running;
        lock (_lock)
        {
            _queue.Remove(call);
            running = _busy.FirstOrDefault(pair => pair.Value == call).Key;
        }

        running?.Kill();
    }

    /// <summary>Kills the workers and waits for their end.</summary>
    public async ValueTask DisposeAsync()
    {
        List<WorkerHandle> workers;
        lock (_lock)
        {
            _disposed = true;
            workers = [.. _idle.Select(idle => idle.Worker), .. _busy.Keys];
        }

        workers.ForEach(worker => worker.Kill());
        await Task.WhenAll(workers.Select(worker => worker.Exited));
    }

    private static bool Suits(WorkerHandle worker, Invocation call) =>
        worker.Accepts(call.Function) && (worker.IsFresh || call.Environment.KeepAlive > TimeSpan.Zero);

    private WorkerHandle? TryLease(Invocation call)
    {
        for (var i = _idle.Count - 1; i >= 0; i--)
        {
            var idle = _idle[i];
            if (Suits(idle.Worker, call))
            {
                _idle.RemoveAt(i);
                idle.Dispose();
                _busy.Add(idle.Worker, call);
                return idle.Worker;
            }
        }

        return null;
    }

    private void Enqueue(Invocation call)
    {
        if (_disposed)
        {
            call.Refuse(new() { Reason = RefusalReason.Host, Message = "The host is shutting down." });
            return;
        }

        if (_queue.Count >= MaximumQueue)
        {
            call.Refuse(new()
            {
                Reason = RefusalReason.QueueFull,
                Message = $"{_queue.Count} calls wait for one of {maximumWorkers} workers of machine type '{machineType}' already, the most that may. Call less at once, or raise MaxWorkers.",
            });
            return;
        }

        call.KeepPayload();
        _queue.AddLast(call);
        if (_starting < _queue.Count)
        {
            MakeRoomAndStart();
        }
    }

    // When all places are taken by idle workers that suit nobody who waits, the longest idle one goes.
    private void MakeRoomAndStart()
    {
        if (Count >= maximumWorkers && _idle.Count > 0)
        {
            var oldest = _idle[0];
            _idle.RemoveAt(0);
            oldest.Dispose();
            oldest.Worker.Stop();
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
        WorkerHandle worker;
        try
        {
            worker = await launcher.StartAsync(machineType);
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
                _idle.Add(new(worker, null));
            }
        }

        if (disposed)
        {
            worker.Kill();
            return;
        }

        worker.Listen(Finished, Gone);
        ServeQueue();
    }

    private void FailToStart(Exception e)
    {
        Invocation? refused;
        lock (_lock)
        {
            _starting--;
            refused = _queue.First?.Value;
            if (refused is not null)
            {
                _queue.RemoveFirst();
            }
        }

        refused?.Refuse(new() { Reason = RefusalReason.Host, Message = $"The host could not start a worker of machine type '{machineType}'. {e.Message}" });
        ServeQueue();
    }

    private void Finished(WorkerHandle worker, Invocation call)
    {
        bool stop;
        lock (_lock)
        {
            stop = !_busy.Remove(worker) || call.Environment.KeepAlive == TimeSpan.Zero;
            if (!stop)
            {
                _idle.Add(new(worker, time.CreateTimer(_ => Expire(worker), null, call.Environment.KeepAlive, Timeout.InfiniteTimeSpan)));
            }
        }

        if (stop)
        {
            worker.Stop();
        }

        ServeQueue();
    }

    private void Expire(WorkerHandle worker)
    {
        lock (_lock)
        {
            var index = _idle.FindIndex(idle => idle.Worker == worker);
            if (index < 0)
            {
                return;
            }

            _idle[index].Dispose();
            _idle.RemoveAt(index);
        }

        worker.Stop();
    }

    private void Gone(WorkerHandle worker, Invocation? running)
    {
        lock (_lock)
        {
            _busy.Remove(worker);
            var index = _idle.FindIndex(idle => idle.Worker == worker);
            if (index >= 0)
            {
                _idle[index].Dispose();
                _idle.RemoveAt(index);
            }
        }

        if (running is { HasEnded: false })
        {
            _ = RefuseCrashedAsync(worker, running);
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

    // The first in the queue that some idle worker suits goes first; nobody overtakes for a worker that suits the first.
    private void ServeQueue()
    {
        while (true)
        {
            WorkerHandle? worker = null;
            Invocation? call = null;
            lock (_lock)
            {
                for (var node = _queue.First; node is not null && worker is null; node = node.Next)
                {
                    call = node.Value;
                    worker = TryLease(call);
                    if (worker is not null)
                    {
                        _queue.Remove(node);
                        break;
                    }
                }

                if (worker is null)
                {
                    if (_queue.Count > _starting && !_disposed)
                    {
                        MakeRoomAndStart();
                    }

                    return;
                }
            }

            if (worker.TryStart(call!))
            {
                continue;
            }

            lock (_lock)
            {
                _busy.Remove(worker);
                if (!call!.HasEnded)
                {
                    _queue.AddFirst(call);
                }
            }
        }
    }
}
