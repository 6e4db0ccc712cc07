using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Scheduling;

/// <summary>Starts a generic worker and returns once it has dialled home.</summary>
/// <exception cref="WorkerStartException">It could not be started.</exception>
internal delegate Task<WorkerHandle> StartWorker(WorkerClass workerClass);
