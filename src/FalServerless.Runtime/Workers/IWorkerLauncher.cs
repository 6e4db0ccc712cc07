namespace FalServerless.Runtime.Workers;

/// <summary>Starts workers: as processes of this machine, or wherever else a launcher can.</summary>
internal interface IWorkerLauncher
{
    /// <summary>Starts an unclaimed worker, and returns once it has connected to the gateway.</summary>
    /// <exception cref="WorkerStartException">It cannot be started, ended before it was connected, or takes too long.</exception>
    Task<WorkerHandle> StartAsync(WorkerClass workerClass);
}
