using FalServerless.Protocol;
using FalServerless.Protocol.Http;

namespace FalServerless.Runtime.Scheduling;

/// <summary>
/// Which calls share workers: those that were made with the same key and want the same of them. A body can read and change whatever is in
/// its process.
/// </summary>
internal readonly record struct PoolKey(
    string Owner,
    ContentHash? EnvironmentKey,
    string MachineType,
    int MinWorkers,
    int? MaxWorkers,
    int CallsPerWorker,
    int? RecycleAfterCalls,
    long? RecycleAboveBytes
)
{
    public static PoolKey Of(string owner, CallOptions spec, ContentHash? environment) =>
        new(
            owner,
            environment,
            spec.MachineType,
            spec.MinWorkers,
            spec.MaxWorkers,
            spec.CallsPerWorker,
            spec.RecycleAfterCalls,
            spec.RecycleAboveBytes
        );
}
