namespace FalServerless.Runtime.Workers;

/// <summary>
/// What of a worker is settled when its process starts; everything else waits for its claim. Workers of one class stand in for each other
/// until then.
/// </summary>
/// <param name="ProcessorCount">How many processors the runtime sees, for its pools of threads and for the user's code.</param>
/// <param name="Gpu">The number of the GPU that it may use; null for none.</param>
internal readonly record struct WorkerClass(int ProcessorCount, int? Gpu = null)
{
    /// <summary>The class of a machine type, of which a machine may have less than it asks for.</summary>
    public static WorkerClass Of(MachineType machineType, int? gpu = null) =>
        new(Math.Clamp((int)Math.Ceiling(machineType.Cpu), 1, Environment.ProcessorCount), gpu);
}
