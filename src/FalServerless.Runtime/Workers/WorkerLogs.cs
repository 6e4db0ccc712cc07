namespace FalServerless.Runtime.Workers;

/// <summary>
/// The logs of the workers by their processes, of the last ones that have ended too: what a worker wrote before a crash is wanted after it.
/// </summary>
internal sealed class WorkerLogs
{
    private const int EndedWorkers = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, WorkerLog> _logs = [];
    private readonly Queue<(string Id, WorkerLog Log)> _ended = new();

    /// <summary>Null when there is no such worker, or it ended long ago.</summary>
    public WorkerLog? Find(string id)
    {
        lock (_lock)
        {
            return _logs.GetValueOrDefault(id);
        }
    }

    /// <summary>Keeps the log of a worker that has started.</summary>
    public void Keep(string id, WorkerLog log, Task exited)
    {
        lock (_lock)
        {
            _logs[id] = log;
        }

        exited.ContinueWith(_ => End(id, log), TaskScheduler.Default);
    }

    private void End(string id, WorkerLog log)
    {
        lock (_lock)
        {
            _ended.Enqueue((id, log));
            if (_ended.Count > EndedWorkers)
            {
                var (oldest, its) = _ended.Dequeue();

                // The system may have given the number to another worker since.
                if (_logs.GetValueOrDefault(oldest) == its)
                {
                    _logs.Remove(oldest);
                }
            }
        }
    }
}
