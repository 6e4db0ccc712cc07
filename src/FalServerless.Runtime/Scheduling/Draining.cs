using System.Collections.Concurrent;
using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Scheduling;

/// <summary>Workers that were told to end and have not yet: what they keep for cached functions may take a moment to dispose of.</summary>
internal sealed class Draining
{
    /// <summary>How long the end of the host waits for them all together; well within what a program waits for its host.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(1.5);

    private readonly ConcurrentDictionary<WorkerHandle, Task> _workers = new();

    public void Stop(WorkerHandle worker)
    {
        worker.Stop();
        _workers[worker] = worker.Exited;
        _ = ForgetAsync(worker);
    }

    /// <summary>Waits until all have ended; those that take too long are killed.</summary>
    public async Task EndAsync()
    {
        await Task.WhenAny(Task.WhenAll(_workers.Values), Task.Delay(EndLimit));
        foreach (var (worker, _) in _workers)
        {
            worker.Kill();
        }

        await Task.WhenAll(_workers.Values);
    }

    private async Task ForgetAsync(WorkerHandle worker)
    {
        await worker.Exited;
        _workers.TryRemove(worker, out _);
    }
}
