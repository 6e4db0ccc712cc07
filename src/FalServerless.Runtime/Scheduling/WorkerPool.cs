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

    // A new worker takes tens of milliseconds to start and then shares the cores: beyond one a core, it is worth that only for calls that wait.
    private static readonly TimeSpan GrowAfter = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly List<WorkerHandle> _idle = [];
    private readonly Dictionary<WorkerHandle, KeepAlive> _keepAlives = [];
    private readonly LinkedList<Invocation> _queue = new();
    private readonly Dictionary<WorkerHandle, Invocation> _busy = [];
    private int _starting;
    private ITimer? _growth;
    private bool _growthArmed;
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
            _growth?.Dispose();
            workers = [.. _idle, .. _busy.Keys];
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
            var worker = _idle[i];
            if (Suits(worker, call))
            {
                _idle.RemoveAt(i);
                _busy.Add(worker, call);
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

        call.Queue(time.GetTimestamp());
        _queue.AddLast(call);
        Grow();
    }

    // After a call was queued, or stayed so. An idle worker that it was not given to suits it not, and leaves at once.
    private void Grow()
    {
        if (_queue.Count <= _starting || _disposed)
        {
            return;
        }

        if (_idle.Count > 0 || Count < Math.Min(maximumWorkers, Environment.ProcessorCount))
        {
            MakeRoomAndStart();
        }
        else if (Count < maximumWorkers && !_growthArmed)
        {
            _growthArmed = true;
            _growth ??= time.CreateTimer(_ => GrowForWaiting(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _growth.Change(GrowAfter, Timeout.InfiniteTimeSpan);
        }
    }

    private void GrowForWaiting()
    {
        lock (_lock)
        {
            _growthArmed = false;
            while (_queue.First is { } first && time.GetElapsedTime(first.Value.QueuedAt) >= GrowAfter && _queue.Count > _starting && Count < maximumWorkers && !_disposed)
            {
                StartWorker();
            }

            Grow();
        }
    }

    // When all places are taken by idle workers that suit nobody who waits, the longest idle one goes.
    private void MakeRoomAndStart()
    {
        if (Count >= maximumWorkers && _idle.Count > 0)
        {
            var oldest = _idle[0];
            Forget(oldest);
            oldest.Stop();
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
                _idle.Add(worker);
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
        bool waiting;
        lock (_lock)
        {
            stop = !_busy.Remove(worker) || call.Environment.KeepAlive == TimeSpan.Zero;
            waiting = _queue.Count > 0;
            if (stop)
            {
                Forget(worker);
            }
            else
            {
                _idle.Add(worker);
                StartKeepAlive(worker, call.Environment.KeepAlive);
            }
        }

        if (stop)
        {
            worker.Stop();
        }

        if (waiting)
        {
            ServeQueue();
        }
    }

    private void StartKeepAlive(WorkerHandle worker, TimeSpan duration)
    {
        if (!_keepAlives.TryGetValue(worker, out var keepAlive))
        {
            keepAlive = new(time, () => Expire(worker));
            _keepAlives.Add(worker, keepAlive);
        }

        keepAlive.Start(duration);
    }

    private void Expire(WorkerHandle worker)
    {
        lock (_lock)
        {
            if (!_keepAlives.TryGetValue(worker, out var keepAlive))
            {
                return;
            }

            if (!_idle.Contains(worker))
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

        worker.Stop();
    }

    private void Forget(WorkerHandle worker)
    {
        _busy.Remove(worker);
        _idle.Remove(worker);
        if (_keepAlives.Remove(worker, out var keepAlive))
        {
            keepAlive.Dispose();
        }
    }

    private void Gone(WorkerHandle worker, Invocation? running)
    {
        lock (_lock)
        {
            Forget(worker);
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
                for (var node = _idle.Count == 0 ? null : _queue.First; node is not null; node = node.Next)
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
                    Grow();
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
