using FalServerless.Protocol;

namespace FalServerless.Runtime.Scheduling;

/// <summary>Which calls share workers: those that want the same of them.</summary>
internal readonly record struct PoolKey(
    ContentHash? Environment,
    string MachineType,
    int MinWorkers,
    int? MaxWorkers,
    int CallsPerWorker,
    int? RecycleAfterCalls,
    long? RecycleAboveBytes)
{
    public static PoolKey Of(EnvironmentSpec spec, ContentHash? environment) =>
        new(environment, spec.MachineType, spec.MinWorkers, spec.MaxWorkers, spec.CallsPerWorker, spec.RecycleAfterCalls, spec.RecycleAboveBytes);
}
