using FalServerless.Protocol;

namespace FalServerless.Runtime.Scheduling;

/// <summary>Which calls share workers: those of one machine type and environment that may have the same number of them, and of calls on each.</summary>
internal readonly record struct PoolKey(string MachineType, ContentHash? Environment, int? MaxWorkers, int CallsPerWorker);
