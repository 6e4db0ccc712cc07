namespace FalServerless.Runtime.Environments;

/// <summary>
/// One opening of an environment for all who wait for it here: what it logs is sent to each of them, and it stops when none is left.
/// </summary>
internal sealed class SharedBuild : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<BuildLog> _listeners = [];
    private readonly List<(LogEntryLevel Level, string Line)> _said = [];

    /// <summary>How many wait for it or use what came of it; under the store's lock.</summary>
    public int Holders { get; set; }

    /// <summary>Whether it takes no further waiters; under the store's lock.</summary>
    public bool IsRetired { get; set; }

    public required Func<SharedBuild, CancellationToken, Task<OpenEnvironment>> Open { private get; init; }

    /// <summary>Set before anybody can see it.</summary>
    public Task<OpenEnvironment> Opening { get; private set; } = null!;

    public void Start() => Opening = Task.Run(() => Open(this, _stop.Token));

    /// <summary>On another thread: the caller may hold locks.</summary>
    public Task StopAsync() => _stop.CancelAsync();

    /// <summary>Later readers receive what was logged before, too.</summary>
    public void Listen(BuildLog listener)
    {
        lock (_listeners)
        {
            _said.ForEach(said => listener(said.Level, said.Line));
            _listeners.Add(listener);
        }
    }

    public void Leave(BuildLog listener)
    {
        lock (_listeners)
        {
            _listeners.Remove(listener);
        }
    }

    public void Report(LogEntryLevel level, string line)
    {
        lock (_listeners)
        {
            _said.Add((level, line));
            foreach (var listener in _listeners.ToArray())
            {
                listener(level, line);
            }
        }
    }

    public void Dispose() => _stop.Dispose();
}
