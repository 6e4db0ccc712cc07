namespace FalServerless.Runtime.Scheduling.Planning;

/// <summary>Freed capacity belongs to a call that has waited too long for it; calls of a later turn may not take what it lacks.</summary>
/// <param name="Turn">The turn of the call.</param>
/// <param name="GpuModel">The model of GPU that it needs; null for none.</param>
/// <param name="Lacking">What it still lacks.</param>
internal sealed record Reservation(long Turn, string? GpuModel, Resources Lacking)
{
    /// <summary>Whether a call of that turn may not have a worker of the machine type for now.</summary>
    public bool Blocks(MachineType machineType, long turn, Capacity capacity) =>
        turn > Turn && (capacity.Need(machineType) with { Gpus = machineType.GpuModel == GpuModel ? 1 : 0 }).Helps(Lacking);
}
