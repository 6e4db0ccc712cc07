using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Environments;
using FalServerless.Runtime.Observability;
using FalServerless.Runtime.Workers;
using Microsoft.Extensions.Logging;

namespace FalServerless.Runtime.Scheduling;

/// <summary>Brings calls to the pool of their kind, and ends them when their caller or their time is gone.</summary>
internal sealed class Scheduler(
    PrewarmedWorkers generic,
    Capacity capacity,
    QueueLimits limits,
    EnvironmentGate environments,
    TimeProvider time,
    ILogger log
) : ICallScheduler, IAsyncDisposable
{
    /// <summary>How long the end of the host waits for idle workers; well within what a program waits for its host.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(1.5);

    private readonly Placement _placement = new(capacity, generic, limits, time, log);
    private readonly HashSet<MachineType> _clamped = [];

    /// <summary>How many kinds of workers there are, or are waited for.</summary>
    public int PoolCount
    {
        get
        {
            lock (_placement.Lock)
            {
                return _placement.Pools.Count;
            }
        }
    }

    /// <summary>Starts workers that the first call finds.</summary>
    public void WarmUp() => generic.Prepare(WorkerClass.Of(MachineType.XS));

    /// <summary>Starts the call on a worker with a free place, or queues it. Whatever happens comes back as the call's events.</summary>
    public void Submit(HostCall call)
    {
        call.Refused = Report;
        if (call.Enter() is { } refused)
        {
            call.Refuse(refused);
        }
        else if (!MachineType.TryParse(call.Options.MachineType, out var machineType))
        {
            Refuse(call, RefusalReason.Protocol, MachineType.Unknown(call.Options.MachineType));
        }
        else if (capacity.Refuse(machineType) is { } reason)
        {
            Refuse(call, RefusalReason.MachineUnavailable, reason);
        }
        else
        {
            if (capacity.IsLarger(machineType))
            {
                WarnOnce(call, machineType);
            }

            call.Overflowed = Overflow;
            if (call.Starting is null)
            {
                StartTimeout(call);
            }

            if (call.Options.Requirements.Count == 0)
            {
                Enter(call, machineType, null);
            }
            else
            {
                environments.WaitFor(call, (call, use) => Enter(call, machineType, use));
            }
        }
    }

    /// <summary>From now on the call has its time.</summary>
    public void StartTimeout(HostCall call) => call.StartTimeout(time, Expire);

    /// <summary>Brings the call to its pool, once what it requires is there.</summary>
    /// <param name="call">The call.</param>
    /// <param name="machineType">Its machine type.</param>
    /// <param name="use">The use of its environment, which the pool has from now on; null for none.</param>
    public void Enter(HostCall call, MachineType machineType, EnvironmentLease? use)
    {
        WorkerPool? pool = null;
        PooledWorker? worker = null;
        lock (_placement.Lock)
        {
            if (!call.HasEnded)
            {
                pool = _placement.Pool(PoolKey.Of(call.Owner, call.Options, use?.Key), machineType, ref use);
                worker = pool.TakeIn(call);
            }
        }

        use?.Dispose();
        if (worker is not null)
        {
            pool!.Start(worker, call);
        }
        else if (call.Starting is not null)
        {
            pool?.ServeQueue();
        }
    }

    public void Cancel(HostCall call, Refusal? refusal)
    {
        call.Cancel(refusal);
        environments.Cancel(call);
        _ = CancelOnWorker(call);
    }

    public void Leave(HostCall call)
    {
        call.MarkLeft();
        if (!CancelOnWorker(call))
        {
            Cancel(call, HostCall.Cancelled);
        }
    }

    private bool CancelOnWorker(HostCall call)
    {
        WorkerPool[] pools;
        lock (_placement.Lock)
        {
            pools = [.. _placement.Pools];
        }

        return Array.Exists(pools, pool => pool.Cancel(call));
    }

    /// <summary>Ends one worker: an idle one at once, one that runs calls after these, or, by force, with them.</summary>
    public StopOutcome StopWorker(string id, bool force)
    {
        if (generic.Ready.FirstOrDefault(worker => worker.Id == id) is { } ready)
        {
            ready.Kill();
            return StopOutcome.Stopping;
        }

        WorkerPool? pool;
        lock (_placement.Lock)
        {
            pool = _placement.Pools.FirstOrDefault(pool => pool.Workers.Any(worker => worker.Handle.Id == id && !worker.HasExited));
        }

        return pool?.Stop(id, force) ?? StopOutcome.Unknown;
    }

    /// <summary>All workers that are there, whatever they do.</summary>
    public IReadOnlyList<WorkerStatus> Workers()
    {
        var all = generic
            .Ready.Select(worker =>
                (
                    Handle: worker,
                    Status: new WorkerStatus
                    {
                        Id = worker.Id,
                        State = WorkerState.Prewarmed,
                        StartedAt = worker.StartedAt,
                    }
                )
            )
            .ToList();
        lock (_placement.Lock)
        {
            all.AddRange(
                _placement.Pools.SelectMany(pool =>
                    pool.Workers.Where(worker => !worker.HasExited).Select(worker => (worker.Handle, Status(pool, worker)))
                )
            );
        }

        // A look at each process: not under the lock.
        return [.. all.Select(worker => worker.Status with { MemoryBytes = worker.Handle.ResidentBytes })];
    }

    /// <summary>
    /// Ends all workers and waits until they are gone: busy ones are killed, idle ones may dispose of what they keep for cached functions.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        var waits = environments.DisposeAsync();
        _placement.Dispose();
        List<WorkerHandle> idle;
        List<WorkerHandle> all;
        List<EnvironmentLease> uses;
        lock (_placement.Lock)
        {
            var workers = _placement.Pools.SelectMany(pool => pool.Workers).ToList();
            all = workers.ConvertAll(worker => worker.Handle);
            idle = [.. workers.Where(worker => worker.IsIdle).Select(worker => worker.Handle)];
            uses = [.. _placement.Pools.Select(pool => pool.EnvironmentLease).OfType<EnvironmentLease>()];
        }

        idle.ForEach(worker => worker.StopForHostEnd());
        all.Except(idle).ToList().ForEach(worker => worker.Kill());
        await generic.DisposeAsync();
        var ended = Task.WhenAll(all.Select(worker => worker.Exited));
        await Task.WhenAny(ended, Task.Delay(EndLimit));
        all.ForEach(worker => worker.Kill());
        await ended;
        uses.ForEach(use => use.Dispose());
        await waits;
    }

    // A crash has a line of its own, with all calls that it ended.
    private void Report(HostCall call, Refusal refusal)
    {
        if (refusal.Reason is not (RefusalReason.WorkerCrashed or RefusalReason.Cancelled))
        {
            Log.CallRefused(log, call.Id, call.Name ?? "unnamed", call.Owner, refusal.Reason, refusal.Message);
        }
    }

    private static void Refuse(HostCall call, RefusalReason reason, string message) =>
        call.Refuse(new() { Reason = reason, Message = message });

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

    private void WarnOnce(HostCall call, MachineType machineType)
    {
        lock (_clamped)
        {
            if (!_clamped.Add(machineType))
            {
                return;
            }
        }

        var line = new System.Buffers.ArrayBufferWriter<byte>();
        LogEntryCodec.Write(
            line,
            LogEntryLevel.Warning,
            LogEntrySource.Host,
            time.GetUtcNow(),
            $"{capacity.Larger(machineType)} It runs with what there is."
        );
        call.Post(InvocationEventKind.Log, EventSource.Once, line.WrittenSpan);
    }

    // Not on the worker's reading thread: the worker is told of it.
    private void Overflow(HostCall call, Refusal refusal) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => state.scheduler.Cancel(state.call, state.refusal),
            (scheduler: this, call, refusal),
            preferLocal: false
        );

    private void Expire(HostCall call) =>
        Cancel(
            call,
            new()
            {
                Reason = RefusalReason.Timeout,
                Message =
                    $"The call did not end within its timeout of {call.Options.Timeout}, and was cancelled. Set a longer Timeout if "
                    + $"it needs more.",
            }
        );
}
