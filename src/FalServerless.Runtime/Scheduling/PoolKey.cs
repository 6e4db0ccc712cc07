namespace FalServerless.Runtime.Scheduling;

/// <summary>Which calls share workers: those of one machine type that may have the same number of them, and of calls on each.</summary>
internal readonly record struct PoolKey(string MachineType, int? MaxWorkers, int CallsPerWorker);
