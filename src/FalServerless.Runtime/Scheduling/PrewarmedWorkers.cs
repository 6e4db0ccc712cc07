using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Scheduling;

/// <summary>
/// Started workers that are not yet claimed. A pool takes one instead of starting it, and another one takes its place in the background,
/// when no start is waited for. Those of a GPU are not kept: it would be taken without a use.
/// </summary>
internal sealed class PrewarmedWorkers : IAsyncDisposable
{
    /// <summary>A refill waits so long after a worker was taken: the call that it was taken for needs the processors now.</summary>
    public static readonly TimeSpan RefillDelay = TimeSpan.FromMilliseconds(50);

    private readonly IWorkerLauncher _launcher;
    private readonly int _count;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<WorkerClass, Reserve> _reserves = [];
    private readonly Alarm _alarm;
    private int _awaited;
    private bool _disposed;

    /// <param name="launcher">Starts them.</param>
    /// <param name="count">How many of each class are kept.</param>
    /// <param name="time">The clock.</param>
    public PrewarmedWorkers(IWorkerLauncher launcher, int count, TimeProvider time)
    {
        (_launcher, _count, _time) = (launcher, count, time);
        _alarm = new(time, Refill);
    }

    /// <summary>Those that are ready now.</summary>
    public IReadOnlyList<WorkerHandle> Ready
    {
        get
        {
            lock (_lock)
            {
                return [.. _reserves.Values.SelectMany(reserve => reserve.Ready)];
            }
        }
    }

    /// <summary>Keeps workers of the class from now on.</summary>
    public void Prepare(WorkerClass workerClass)
    {
        lock (_lock)
        {
            if (Find(workerClass) is { } reserve)
            {
                StartOne(workerClass, reserve);
            }
        }
    }

    /// <summary>A worker to claim: one that is ready, or else the one that will be first.</summary>
    /// <exception cref="WorkerStartException">It could not be started.</exception>
    public async Task<WorkerHandle> TakeAsync(WorkerClass workerClass)
    {
        Task<WorkerHandle>? coming = null;
        lock (_lock)
        {
            if (Find(workerClass) is { } reserve)
            {
                _alarm.Arm(RefillDelay);
                while (reserve.Ready.Count > 0)
                {
                    var ready = reserve.Ready[^1];
                    reserve.Ready.RemoveAt(reserve.Ready.Count - 1);
                    if (!ready.Exited.IsCompleted)
                    {
                        reserve.Delay.Succeeded();
                        return ready;
                    }

                    CloseConnections(ready);
                }

                (coming, reserve.Coming) = (reserve.Coming, null);
            }

            _awaited++;
        }

        try
        {
            return await StartAsync(workerClass, coming);
        }
        finally
        {
            lock (_lock)
            {
                _awaited--;
                if (_reserves.ContainsKey(workerClass))
                {
                    Arm(RefillDelay);
                }
            }
        }
    }

    /// <summary>Kills those that are left and waits for their end.</summary>
    public async ValueTask DisposeAsync()
    {
        List<WorkerHandle> left;
        lock (_lock)
        {
            _disposed = true;
            _alarm.Dispose();
            left = [.. _reserves.Values.SelectMany(reserve => reserve.Ready)];
            _reserves.Clear();
        }

        left.ForEach(worker => worker.Kill());
        await Task.WhenAll(left.Select(worker => worker.Exited));
    }

    // What it sends is not read, so this closes its connections.
    private static void CloseConnections(WorkerHandle worker) => worker.Listen(static _ => { }, static _ => { });

    // The start that was under way may fail where a new one does not.
    private async Task<WorkerHandle> StartAsync(WorkerClass workerClass, Task<WorkerHandle>? coming)
    {
        if (coming is not null)
        {
            try
            {
                return await coming;
            }
            catch (WorkerStartException) { }
        }

        return await _launcher.StartAsync(workerClass);
    }

    private void Arm(TimeSpan after)
    {
        if (!_disposed)
        {
            _alarm.Arm(after);
        }
    }

    private Reserve? Find(WorkerClass workerClass)
    {
        if (_count == 0 || workerClass.Gpu is not null || _disposed)
        {
            return null;
        }

        if (!_reserves.TryGetValue(workerClass, out var reserve))
        {
            _reserves.Add(workerClass, reserve = new(new(_time)));
        }

        return reserve;
    }

    private void Refill()
    {
        lock (_lock)
        {
            _alarm.Reset();
            foreach (var (workerClass, reserve) in _reserves)
            {
                if (reserve.Ready.Count >= _count)
                {
                    continue;
                }

                // The code that waits for a start sets the timer when it is there.
                if (reserve.Delay.Left is { Ticks: > 0 } left)
                {
                    _alarm.Arm(left);
                }
                else if (_awaited == 0 && _reserves.Values.All(other => other.Coming is null))
                {
                    StartOne(workerClass, reserve);
                }
            }
        }
    }

    private void StartOne(WorkerClass workerClass, Reserve reserve)
    {
        var start = Task.Run(() => _launcher.StartAsync(workerClass));
        reserve.Coming = start;
        _ = KeepAsync(reserve, start);
    }

    private async Task KeepAsync(Reserve reserve, Task<WorkerHandle> start)
    {
        WorkerHandle? worker = null;
        try
        {
            worker = await start;
        }
        catch (Exception)
        {
            // A call that needs one is told why when its own start fails too.
        }

        bool isLeft;
        lock (_lock)
        {
            if (reserve.Coming != start)
            {
                // Somebody waited for it and has it.
                return;
            }

            reserve.Coming = null;
            isLeft = _disposed;
            if (worker is null)
            {
                reserve.Delay.Failed();
            }
            else if (!isLeft)
            {
                reserve.Ready.Add(worker);
            }

            Arm(reserve.Delay.Left);
        }

        if (isLeft)
        {
            worker?.Kill();
        }
        else if (worker is not null)
        {
            await WatchAsync(reserve, worker);
        }
    }

    private async Task WatchAsync(Reserve reserve, WorkerHandle worker)
    {
        var since = _time.GetUtcNow();
        await worker.Exited;
        lock (_lock)
        {
            if (!reserve.Ready.Remove(worker))
            {
                return;
            }

            reserve.Delay.Failed(_time.GetUtcNow() - since);
            Arm(reserve.Delay.Left);
        }

        CloseConnections(worker);
    }

    private sealed class Reserve(StartDelay delay)
    {
        public List<WorkerHandle> Ready { get; } = [];

        /// <summary>The one that is starting and not yet requested.</summary>
        public Task<WorkerHandle>? Coming { get; set; }

        public StartDelay Delay => delay;
    }
}
