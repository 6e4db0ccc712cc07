namespace FalServerless.Runtime.Scheduling.Planning;

/// <summary>What one worker has of its host.</summary>
/// <param name="MilliCpu">Thousandths of a processor.</param>
/// <param name="MemoryBytes">Its memory.</param>
/// <param name="GpuModel">The model of its GPU; null without one.</param>
/// <param name="Gpu">The GPU's number; null without one.</param>
internal readonly record struct Allocation(long MilliCpu, long MemoryBytes, string? GpuModel, int? Gpu)
{
    /// <summary>What of it counts for somebody who needs this model of GPU, or none.</summary>
    public Resources For(string? gpuModel) => new(MilliCpu, MemoryBytes, Gpu is not null && GpuModel == gpuModel ? 1 : 0);
}
