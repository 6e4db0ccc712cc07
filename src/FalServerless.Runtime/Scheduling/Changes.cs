using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Environments;
using FalServerless.Runtime.Scheduling.Planning;

namespace FalServerless.Runtime.Scheduling;

/// <summary>What follows from a change of the placement, and is done without its lock.</summary>
internal sealed class Changes
{
    /// <summary>Workers to start, with the capacity that was taken for each.</summary>
    public List<(WorkerPool Pool, Allocation Share, TimeSpan? KeepAlive)> Starts { get; } = [];

    /// <summary>Workers that take no calls any more, to be asked to end.</summary>
    public List<PooledWorker> Stops { get; } = [];

    /// <summary>Calls that left the queue without a worker.</summary>
    public List<(HostCall Call, Refusal Refusal)> Refusals { get; } = [];

    /// <summary>Pools whose calls may find a free worker that they were kept from before.</summary>
    public List<WorkerPool> Unblocked { get; } = [];

    /// <summary>Environments that nothing here needs any more.</summary>
    public List<EnvironmentLease> Leases { get; } = [];
}
