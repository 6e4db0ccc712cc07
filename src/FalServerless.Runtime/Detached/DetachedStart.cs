namespace FalServerless.Runtime.Detached;

/// <summary>Opens the detached calls of a host at the first need: most local hosts never have one.</summary>
internal sealed class DetachedStart(string directory, Func<DetachedCalls> open) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private Task<DetachedCalls>? _calls;
    private bool _stopped;

    /// <summary>What is open; null until it is first needed.</summary>
    public DetachedCalls? Current
    {
        get
        {
            lock (_lock)
            {
                return _calls is { IsCompletedSuccessfully: true } ? _calls.Result : null;
            }
        }
    }

    /// <exception cref="DetachedStoreException">The store cannot be used. The next call tries again.</exception>
    public Task<DetachedCalls> OpenAsync()
    {
        lock (_lock)
        {
            if (_stopped)
            {
                throw new DetachedStoreException("The host is shutting down.");
            }

            return _calls is null or { IsFaulted: true } or { IsCanceled: true } ? _calls = Task.Run(StartAsync) : _calls;
        }
    }

    /// <summary>At the start of a host: goes on with what the last one left.</summary>
    /// <exception cref="DetachedStoreException">The store cannot be used.</exception>
    public Task ContinueAsync() => DetachedCalls.AreIn(directory) ? OpenAsync() : Task.CompletedTask;

    /// <summary>The host is about to end: nothing begins any more.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
        }

        Current?.Stop();
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        if (Current is { } calls)
        {
            await calls.DisposeAsync();
        }
    }

    private async Task<DetachedCalls> StartAsync()
    {
        var calls = open();
        try
        {
            await calls.StartAsync();
            return calls;
        }
        catch
        {
            await calls.DisposeAsync();
            throw;
        }
    }
}
