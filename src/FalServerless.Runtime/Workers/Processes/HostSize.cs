namespace FalServerless.Runtime.Workers.Processes;

/// <summary>What a host has for all its workers, and so what each of them is limited to.</summary>
/// <param name="Cpus">Processors.</param>
/// <param name="MemoryBytes">Memory.</param>
internal sealed record HostSize(double Cpus, long MemoryBytes)
{
    /// <summary>The processors that a worker may use at once; null without a limit, as it may use all.</summary>
    public double? CpuLimit(MachineType machineType) =>
        machineType.Cpu < Math.Min(Cpus, Environment.ProcessorCount) ? machineType.Cpu : null;

    /// <summary>The memory of a worker with all that it starts; null without a limit, as the machine has less.</summary>
    public long? MemoryLimit(MachineType machineType) => machineType.MemoryBytes < MemoryBytes ? machineType.MemoryBytes : null;

    /// <summary>The managed heap of a worker; null without a limit.</summary>
    /// <remarks>
    /// The rest is for what a process needs beside its heap: code, stacks, native memory. So it is .NET that says first that memory is out,
    /// and says so in an exception.
    /// </remarks>
    public long? HeapLimit(MachineType machineType) => MemoryLimit(machineType) / 4 * 3;
}
