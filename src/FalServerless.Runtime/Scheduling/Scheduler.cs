using System.Collections.Concurrent;
using FalServerless.Protocol;
using FalServerless.Runtime.Data;
using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Scheduling;

/// <summary>Brings calls to the pool of their kind, and ends them when their caller or their time is gone.</summary>
internal sealed class Scheduler(ProcessLauncher launcher, FunctionStore functions, TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<PoolKey, WorkerPool> _pools = new();

    public FunctionStore Functions => functions;

    /// <summary>Starts one worker of the default machine type, so that the first call finds it.</summary>
    public void WarmUp() => Pool(new PoolKey(MachineType.XS.Name, null), MachineType.XS).WarmUp();

    /// <summary>Starts the call on an idle worker, or queues it. Whatever happens comes back as the call's events.</summary>
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
            Pool(new PoolKey(machineType.Name, call.Environment.MaxWorkers), machineType).Submit(call);
            if (call.Environment.Timeout is not null && call.HasEnded)
            {
                // Its time was over before the pool knew of it.
                End(call);
            }
        }
    }

    /// <summary>The caller has gone: a queued call never runs, a running one is ended with its worker.</summary>
    public void Cancel(Invocation call)
    {
        call.Abandon();
        End(call);
    }

    /// <summary>Kills all workers and waits until they are gone.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_pools.Values.Select(pool => pool.DisposeAsync().AsTask()));

    private static void Refuse(Invocation call, RefusalReason reason, string message) => call.Refuse(new() { Reason = reason, Message = message });

    private WorkerPool Pool(PoolKey key, MachineType machineType) =>
        _pools.GetOrAdd(key, static (key, state) => new WorkerPool(state.machineType, MaximumWorkers(key, state.machineType), state.launcher, state.time), (machineType, launcher, time));

    // Without a wish of the caller's, as many as the machine's cores can carry: a type larger than the machine gets one.
    private static int MaximumWorkers(PoolKey key, MachineType machineType)
    {
        var carried = Math.Max(1, (int)(Environment.ProcessorCount / machineType.Cpu));
        return Math.Min(key.MaxWorkers ?? carried, carried);
    }

    private void Expire(Invocation call)
    {
        Refuse(call, RefusalReason.Timeout, $"The call did not end within its timeout of {call.Environment.Timeout}, and was stopped with its worker. Set a longer Timeout if it needs more.");
        End(call);
    }

    private void End(Invocation call)
    {
        foreach (var pool in _pools.Values)
        {
            pool.End(call);
        }
    }
}
