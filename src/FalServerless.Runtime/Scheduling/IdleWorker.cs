using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Scheduling;

/// <summary>A worker nobody uses, and the timer that ends it; none for one that no call has used yet.</summary>
internal readonly struct IdleWorker(WorkerHandle worker, ITimer? keepAlive) : IDisposable
{
    public WorkerHandle Worker => worker;

    public void Dispose() => keepAlive?.Dispose();
}
