using FalServerless.Runtime.Environments;
using FalServerless.Runtime.Observability;
using FalServerless.Runtime.Scheduling.Planning;
using FalServerless.Runtime.Workers;
using Microsoft.Extensions.Logging;

namespace FalServerless.Runtime.Scheduling;

/// <summary>Makes a worker of a pool out of a pre-warmed one, or of a new one.</summary>
internal sealed class WorkerStarter(PrewarmedWorkers prewarmed, TimeProvider time, ILogger log)
{
    /// <summary>A start that takes longer is reported; a usual one takes well under a second.</summary>
    public static readonly TimeSpan SlowStart = TimeSpan.FromSeconds(5);

    public async Task<PooledWorker> StartAsync(WorkerPool pool, Allocation share)
    {
        var began = time.GetTimestamp();
        PooledWorker worker;
        try
        {
            var handle = await prewarmed.TakeAsync(WorkerClass.Of(pool.MachineType, share.Gpu));
            handle.Claim(pool.MachineType, pool.EnvironmentLease is { } lease ? Claimed(lease) : null);
            worker = new(handle, pool.Key, share, time.GetUtcNow());
        }
        catch (Exception e)
        {
            Log.WorkerNotStarted(log, pool.MachineType.Name, e.Message);
            throw;
        }

        if (time.GetElapsedTime(began) is var taken && taken >= SlowStart)
        {
            Log.WorkerStartedSlowly(log, pool.MachineType.Name, taken.TotalSeconds);
        }

        return worker;
    }

    private static ClaimedEnvironment Claimed(EnvironmentLease lease) =>
        new()
        {
            Key = lease.Key,
            Path = lease.Path,
            AssemblyNames = lease.AssemblyNames,
        };
}
