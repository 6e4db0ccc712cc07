using System.Collections.Concurrent;
using FalServerless.Protocol;
using FalServerless.Runtime.Environments;
using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Scheduling;

/// <summary>Brings calls to the pool of their kind, and ends them when their caller or their time is gone.</summary>
internal sealed class Scheduler(StartWorker start, EnvironmentWaits environments, TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<PoolKey, WorkerPool> _pools = new();

    /// <summary>Starts one worker of the default machine type, so that the first call finds it.</summary>
    public void WarmUp() => Pool(new PoolKey(MachineType.XS.Name, null, null, 1), MachineType.XS).WarmUp();

    /// <summary>Starts the call on a worker with a free place, or queues it. Whatever happens comes back as the call's events.</summary>
    public void Submit(Invocation call)
    {
        if (!MachineType.TryParse(call.Environment.MachineType, out var machineType))
        {
            Refuse(call, RefusalReason.Protocol, MachineType.Unknown(call.Environment.MachineType));
        }
        else if (machineType.GpuMemoryBytes > 0)
        {
            Refuse(call, RefusalReason.MachineUnavailable, $"The machine type '{machineType}' needs a GPU, and this host has none. Without one, '{MachineType.LargestWithoutGpu}' is the largest.");
        }
        else
        {
            call.StartTimeout(time, Expire);
            if (call.Environment.Requirements.Count == 0)
            {
                Enter(call, machineType, null);
            }
            else
            {
                environments.Bring(call, (call, use) => Enter(call, machineType, use));
            }
        }
    }

    /// <summary>Ends a call before its body has: a queued one never runs, a running one has its grace time to end.</summary>
    /// <param name="call">The call.</param>
    /// <param name="refusal">What its caller hears; null when nobody is there to hear anything.</param>
    public void Cancel(Invocation call, Refusal? refusal)
    {
        call.Cancel(refusal);
        environments.Cancel(call);
        if (_pools.TryGetValue(KeyOf(call, environments.KeyOf(call)), out var pool))
        {
            pool.Cancel(call);
        }
    }

    /// <summary>Kills all workers and waits until they are gone.</summary>
    public async ValueTask DisposeAsync()
    {
        var waits = environments.DisposeAsync();
        await Task.WhenAll(_pools.Values.Select(pool => pool.DisposeAsync().AsTask()));
        await waits;
    }

    private static void Refuse(Invocation call, RefusalReason reason, string message) => call.Refuse(new() { Reason = reason, Message = message });

    private static PoolKey KeyOf(Invocation call, ContentHash? environment) => new(call.Environment.MachineType, environment, call.Environment.MaxWorkers, call.Environment.CallsPerWorker);

    private void Enter(Invocation call, MachineType machineType, EnvironmentUse? use)
    {
        var pool = Pool(KeyOf(call, use?.Key), machineType);
        pool.Hold(use);
        pool.Submit(call);
    }

    private WorkerPool Pool(PoolKey key, MachineType machineType) =>
        _pools.GetOrAdd(
            key,
            static (key, state) => new WorkerPool(state.machineType, MaximumWorkers(key, state.machineType), key.CallsPerWorker, state.start, state.time),
            (machineType, start, time));

    // Without a wish of the caller's, as many as the machine's cores can carry: a type larger than the machine gets one.
    private static int MaximumWorkers(PoolKey key, MachineType machineType)
    {
        var carried = Math.Max(1, (int)(Environment.ProcessorCount / machineType.Cpu));
        return Math.Min(key.MaxWorkers ?? carried, carried);
    }

    private void Expire(Invocation call) => Cancel(call, new()
    {
        Reason = RefusalReason.Timeout,
        Message = $"The call did not end within its timeout of {call.Environment.Timeout}, and was cancelled. Set a longer Timeout if it needs more.",
    });
}
