using FalServerless.Protocol;

namespace FalServerless.Runtime.Environments;

/// <summary>
/// The environments of a user, shared by all hosts. Each is built once, however many ask for it: within a host they share one
/// <see cref="SharedBuild"/>, across hosts a lock. What is under its key is whole, because it got that name last.
/// </summary>
internal sealed class EnvironmentStore(string directory, long limit, BuildEnvironment build, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(25);

    // Many who wait for one restore should not slow it down by asking.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(400);

    private readonly EnvironmentDirectory _shelf = new(directory, time);
    private readonly Lock _lock = new();
    private readonly Dictionary<ContentHash, SharedBuild> _shared = [];
    private readonly HashSet<Task> _ending = [];
    private bool _disposed;

    /// <summary>A further use of an environment that is in use here. Touches no file.</summary>
    /// <returns>Null when it is not.</returns>
    public EnvironmentLease? TryShare(ContentHash key)
    {
        lock (_lock)
        {
            if (!_shared.TryGetValue(key, out var shared) || !shared.Opening.IsCompletedSuccessfully)
            {
                return null;
            }

            shared.Holders++;
            return Use(key, shared);
        }
    }

    /// <summary>Waits until the environment is there; builds it unless it is being built.</summary>
    /// <param name="definition">The environment.</param>
    /// <param name="log">Receives the log of the build, if there is one, also of one that another call began.</param>
    /// <param name="cancellationToken">Ends the wait; the build continues while others wait for it.</param>
    /// <exception cref="EnvironmentBuildFailure">It cannot be built.</exception>
    public async Task<EnvironmentLease> AcquireAsync(EnvironmentDefinition definition, BuildLog log, CancellationToken cancellationToken)
    {
        SharedBuild? shared;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_shared.TryGetValue(definition.Key, out shared) || shared.Opening.IsFaulted)
            {
                shared = new() { Open = (shared, stop) => OpenAsync(definition, shared, stop) };
                shared.Start();
                _shared[definition.Key] = shared;
            }

            shared.Holders++;
        }

        shared.Listen(log);
        try
        {
            await shared.Opening.WaitAsync(cancellationToken);
            return Use(definition.Key, shared);
        }
        catch
        {
            Release(definition.Key, shared);
            throw;
        }
        finally
        {
            shared.Leave(log);
        }
    }

    /// <summary>All whole environments, the last used first.</summary>
    public IReadOnlyList<StoredEnvironment> List() => _shelf.List();

    public Removal Remove(ContentHash key) => _shelf.Remove(key);

    /// <summary>Stops the builds, and waits until nothing is left of them.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] ending;
        lock (_lock)
        {
            _disposed = true;
            foreach (var (key, shared) in _shared.ToArray())
            {
                Retire(key, shared);
            }

            ending = [.. _ending];
        }

        await Task.WhenAll(ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private EnvironmentLease Use(ContentHash key, SharedBuild shared)
    {
        var open = shared.Opening.Result;
        return new(key, open.PackagesPath, open.AssemblyNames, () => Release(key, shared));
    }

    private void Release(ContentHash key, SharedBuild shared)
    {
        lock (_lock)
        {
            if (--shared.Holders == 0)
            {
                Retire(key, shared);
            }
        }
    }

    // It is neither waited for nor used any more. The next user opens it again, after the end of this.
    private void Retire(ContentHash key, SharedBuild shared)
    {
        if (_shared.GetValueOrDefault(key) == shared)
        {
            _shared.Remove(key);
        }

        if (shared.IsRetired)
        {
            return;
        }

        shared.IsRetired = true;
        var stopping = shared.StopAsync();
        Task? end = null;
        end = CloseAsync();
        if (!end.IsCompleted)
        {
            _ending.Add(end);
        }

        async Task CloseAsync()
        {
            await ((Task)shared.Opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await stopping;
            if (shared.Opening.IsCompletedSuccessfully)
            {
                _shelf.Touch(key);
                await shared.Opening.Result.Lock.DisposeAsync();
            }

            shared.Dispose();
            lock (_lock)
            {
                _ending.Remove(end!);
            }
        }
    }

    private async Task<OpenEnvironment> OpenAsync(EnvironmentDefinition definition, SharedBuild shared, CancellationToken stop)
    {
        try
        {
            await EndedAsync();
            _shelf.Prepare();
            return await OpenOrBuildAsync(definition, shared.Report, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentBuildFailure(
                $"The environment of {string.Join(", ", definition.Requirements)} cannot be kept in '{directory}': {e.Message} Make "
                    + $"room there, or set FAL_ENVIRONMENTS to a folder that the host may write to.",
                null,
                e
            );
        }
    }

    // What was given up here is not taken for another program's.
    private Task EndedAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll(_ending);
        }
    }

    private async Task<OpenEnvironment> OpenOrBuildAsync(EnvironmentDefinition definition, BuildLog log, CancellationToken stop)
    {
        var told = false;
        for (var pause = ShortestPause; ; pause = pause < LongestPause ? 2 * pause : LongestPause)
        {
            if (_shelf.TryOpen(definition) is { } open)
            {
                return open;
            }

            if (_shelf.TryOwn(definition.Key) is { } own)
            {
                await using (own)
                {
                    await BuildAsync(definition, log, stop);
                }

                if (_shelf.TryOpen(definition) is { } built)
                {
                    _shelf.Shrink(limit);
                    return built;
                }
            }
            else if (!told)
            {
                told = true;
                log(
                    LogEntryLevel.Info,
                    $"Another program is building the environment of {string.Join(", ", definition.Requirements)}; waiting for it."
                );
            }

            await Task.Delay(pause, time, stop);
        }
    }

    private async Task BuildAsync(EnvironmentDefinition definition, BuildLog log, CancellationToken stop)
    {
        _shelf.Clear(definition);
        if (_shelf.Holds(definition))
        {
            // Built by another while this one came for the lock.
            return;
        }

        var folder = _shelf.NewFolder(definition.Key);
        try
        {
            var packages = await build(definition, folder, log, stop);
            stop.ThrowIfCancellationRequested();
            EnvironmentFolder.Complete(folder, definition, packages, time.GetUtcNow());
            _shelf.Place(folder, definition.Key);
        }
        finally
        {
            EnvironmentDirectory.Delete(folder);
        }
    }
}
