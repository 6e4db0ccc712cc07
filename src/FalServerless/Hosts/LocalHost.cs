using FalServerless.Transport;

namespace FalServerless.Hosts;

/// <summary>Runs the runtime as a child of this program; starts a new one if it is gone.</summary>
internal sealed class LocalHost : FalHost, IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _disposing = new();
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly string _program;
    private Task<LocalRuntime>? _runtime;
    private bool _disposed;

    /// <param name="settings">Environment variables of the runtime beyond those of this program.</param>
    /// <param name="program">The folder where the search for NuGet.config begins; by default this program's.</param>
    /// <param name="log">Receives the lines of calls whose function has no receiver of its own; by default this program's console
    /// does.</param>
    public LocalHost(IReadOnlyDictionary<string, string>? settings = null, string? program = null, Action<LogEntry>? log = null)
    {
        Log = log ?? base.Log;
        _program = program ?? AppContext.BaseDirectory;
        _settings = settings ?? new Dictionary<string, string>();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    internal override Action<LogEntry> Log { get; }

    public override string ToString() => "FalHost.Local";

    /// <summary>Ends the runtime and waits until it is gone.</summary>
    public void Dispose()
    {
        Task<LocalRuntime>? runtime;
        lock (_lock)
        {
            _disposed = true;
            runtime = _runtime;
        }

        // One that is still starting is given up, and takes its folder along.
        _disposing.Cancel();
        try
        {
            if (runtime?.Wait(LocalRuntime.EndLimit, CancellationToken.None) == true)
            {
                runtime.Result.Dispose();
            }
        }
        catch (AggregateException)
        {
            // It did not start: nothing is left of it.
        }
    }

    internal override void Prepare() => _ = Current();

    internal override ValueTask<RuntimeClient> ConnectAsync(CancellationToken cancellationToken)
    {
        var runtime = Current();
        return runtime.IsCompletedSuccessfully ? new(runtime.Result.Client) : WaitAsync(runtime, cancellationToken);
    }

    /// <summary>The runtime's process, for tests that end it the hard way.</summary>
    internal async Task<LocalRuntime> RuntimeAsync() => await Current().ConfigureAwait(false);

    private static async ValueTask<RuntimeClient> WaitAsync(Task<LocalRuntime> runtime, CancellationToken cancellationToken) =>
        (await runtime.WaitAsync(cancellationToken).ConfigureAwait(false)).Client;

    // What is left of a runtime that was killed is removed with it.
    private Task<LocalRuntime> RestartAsync(Task<LocalRuntime>? previous)
    {
        if (previous is { IsCompletedSuccessfully: true })
        {
            previous.Result.Dispose();
        }

        return LocalRuntime.StartAsync(_settings, _program, _disposing.Token);
    }

    private Task<LocalRuntime> Current()
    {
        var current = _runtime;
        if (current is { IsCompletedSuccessfully: true } && !current.Result.HasExited)
        {
            return current;
        }

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_runtime is null || _runtime.IsFaulted || (_runtime.IsCompletedSuccessfully && _runtime.Result.HasExited))
            {
                var previous = _runtime;
                _runtime = Task.Run(() => RestartAsync(previous));
            }

            return _runtime;
        }
    }
}
