using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Observability;
using FalServerless.Runtime.Scheduling.Planning;
using FalServerless.Runtime.Workers;
using Microsoft.Extensions.Logging;

namespace FalServerless.Runtime.Scheduling;

/// <summary>Brings calls to the pool of their kind, and ends them when their caller or their time is gone.</summary>
internal sealed class Scheduler(
    PrewarmedWorkers prewarmed,
    Capacity capacity,
    QueueLimits limits,
    EnvironmentGate environments,
    TimeProvider time,
    ILogger log
) : ICallScheduler, IAsyncDisposable
{
    /// <summary>How long the end of the host waits for idle workers; well within what a program waits for its host.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(1.5);

    private readonly Dispatcher _dispatcher = new(capacity, limits, new(prewarmed, time, log), time, log);
    private readonly HashSet<MachineType> _clamped = [];

    /// <summary>How many kinds of workers there are, or are waited for.</summary>
    public int PoolCount => _dispatcher.PoolCount;

    /// <summary>Starts workers that the first call finds.</summary>
    public void WarmUp() => prewarmed.Prepare(WorkerClass.Of(MachineType.XS));

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
                _dispatcher.Enter(call, machineType, lease: null);
            }
            else
            {
                environments.WaitFor(call, (call, lease) => _dispatcher.Enter(call, machineType, lease));
            }
        }
    }

    /// <summary>From now on the call has its time.</summary>
    public void StartTimeout(HostCall call) => call.StartTimeout(time, Expire);

    public void Cancel(HostCall call, Refusal? refusal)
    {
        call.Cancel(refusal);
        environments.Cancel(call);
        _ = _dispatcher.Cancel(call);
    }

    public void Leave(HostCall call)
    {
        call.MarkLeft();
        if (!_dispatcher.Cancel(call))
        {
            Cancel(call, HostCall.Cancelled);
        }
    }

    /// <summary>Ends one worker: an idle one at once, one that runs calls after these, or, by force, with them.</summary>
    public StopOutcome StopWorker(string id, bool force)
    {
        if (prewarmed.Ready.FirstOrDefault(worker => worker.Id == id) is { } ready)
        {
            ready.Kill();
            return StopOutcome.Stopping;
        }

        return _dispatcher.Stop(id, force);
    }

    /// <summary>All workers that are there, whatever they do.</summary>
    public IReadOnlyList<WorkerStatus> Workers()
    {
        var all = prewarmed
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
        all.AddRange(_dispatcher.Workers());

        // A look at each process: not under the lock.
        return [.. all.Select(worker => worker.Status with { MemoryBytes = worker.Handle.ResidentBytes })];
    }

    /// <summary>
    /// Ends all workers and waits until they are gone: busy ones are killed, idle ones may dispose of what they keep for cached functions.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        var waits = environments.DisposeAsync();
        _dispatcher.Dispose();
        var (idle, others, leases) = _dispatcher.Remaining();
        WorkerHandle[] all = [.. idle, .. others];
        foreach (var worker in idle)
        {
            worker.StopForHostEnd();
        }

        foreach (var worker in others)
        {
            worker.Kill();
        }

        await prewarmed.DisposeAsync();
        var ended = Task.WhenAll(all.Select(worker => worker.Exited));
        await Task.WhenAny(ended, Task.Delay(EndLimit));
        foreach (var worker in all)
        {
            worker.Kill();
        }

        await ended;
        foreach (var lease in leases)
        {
            lease.Dispose();
        }

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
