using FalServerless.Runtime.Workers.Processes.ResourceLimits;

namespace FalServerless.Runtime.Workers.Processes;

/// <summary>
/// How a worker is held to its machine type: by the kernel where it has a group, and by .NET's own limit of the heap everywhere.
/// </summary>
internal sealed class WorkerLimits(HostSize host, IProcessGroup? group)
{
    /// <summary>Those of a machine that sets none.</summary>
    public static WorkerLimits None { get; } = new(new(Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes), null);

    /// <summary>The most bytes of the managed heap; null without a limit.</summary>
    public long? HeapLimit(MachineType machineType) => host.HeapLimit(machineType);

    /// <summary>Has the kernel hold it to the machine type from now on.</summary>
    /// <exception cref="IOException">The kernel refuses, or the worker has ended.</exception>
    public void Apply(MachineType machineType) => group?.Limit(host.CpuLimit(machineType), host.MemoryLimit(machineType));

    /// <summary>Lets it use as much of the processors' time as there is.</summary>
    public void LiftCpuLimit() => group?.LiftCpuLimit();
}
