using System.Runtime.InteropServices;
using FalServerless.Hosts;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Configuration;
using FalServerless.Runtime.Detached;
using FalServerless.Runtime.Environments;
using FalServerless.Runtime.Files;
using FalServerless.Runtime.Files.Uploads;
using FalServerless.Runtime.Functions;
using FalServerless.Runtime.Gateway;
using FalServerless.Runtime.Keys;
using FalServerless.Runtime.Observability;
using FalServerless.Runtime.Scheduling;
using FalServerless.Runtime.Scheduling.Planning;
using FalServerless.Runtime.Workers;
using FalServerless.Runtime.Workers.Processes;
using FalServerless.Runtime.Workers.Processes.ResourceLimits;
using Microsoft.Extensions.Logging;

namespace FalServerless.Runtime.Hosting;

/// <summary>All parts of a runtime on one machine.</summary>
internal sealed class RuntimeHost : IAsyncDisposable
{
    /// <summary>How long the callers of calls that were cancelled at the end have to receive that.</summary>
    private static readonly TimeSpan LastWordsLimit = TimeSpan.FromSeconds(2);

    private readonly string _directory;
    private readonly WorkerListener _listener;
    private readonly GatewayCgroups _cgroups;
    private readonly DataNamespace _namespace;
    private readonly Scheduler _scheduler;
    private readonly Invocations _invocations;
    private readonly Lazy<DataStore> _data;
    private readonly DetachedStart _detached;
    private readonly GatewayServer _gateway;
    private readonly HostState _state = new();

    private RuntimeHost(HostOptions options, IListenerConfiguration listening, IAuthentication authentication, KeyStore? audit, ILogger log)
    {
        _directory = options.Directory;
        var blobs = new BlobStore(Path.Combine(options.StateDirectory, "blobs"));
        var functions = new FunctionStore(blobs, new FunctionFolders(blobs, Path.Combine(_directory, "assemblies")));
        _listener = new WorkerListener(Path.Combine(_directory, "workers.sock"));
        var settings = options.Settings;
        _cgroups = settings.UsesCgroups ? GatewayCgroups.Detect() : GatewayCgroups.None;
        var folders = new DataFolders(options.DataDirectory);
        _namespace = new DataNamespace(folders, settings.UsesNamespaces, NeededByWorkers(options));
        var logs = new WorkerLogs();
        var launcher = new ProcessLauncher(
            _listener,
            _namespace,
            _cgroups,
            new HostSize(settings.Cpus, settings.MemoryBytes),
            WorkerVariables.Of(settings.WorkerVariables),
            logs
        );
        var environments = new EnvironmentStore(
            options.EnvironmentsDirectory,
            settings.EnvironmentsLimit,
            new NuGetRestore(options.ConfigurationDirectory).BuildAsync,
            TimeProvider.System
        );
        _scheduler = new Scheduler(
            new PrewarmedWorkers(launcher, settings.Prewarmed, TimeProvider.System),
            new Capacity(settings.Cpus, settings.MemoryBytes, settings.Gpus ?? HostGpus.Detect(), options.RefusesLarger),
            new QueueLimits(settings.QueueLimit, settings.QueueWait),
            new EnvironmentGate(environments, TimeProvider.System),
            TimeProvider.System,
            log
        );
        _invocations = new Invocations(_scheduler, TimeProvider.System);
        var detached = Path.Combine(options.StateDirectory, DetachedCalls.FolderName);
        _detached = new(
            detached,
            () => new DetachedCalls(detached, settings.Detached, options.KeyLimits, functions, _scheduler, TimeProvider.System, log)
        );
        _data = new(() => new DataStore(folders, TimeProvider.System), LazyThreadSafetyMode.PublicationOnly);

        // The first worker starts beside the gateway: by the time the first call comes, both are there.
        _scheduler.WarmUp();
        var auditLog = new AuditLog(audit, TimeProvider.System, log);
        _gateway = new GatewayServer(
            listening,
            new GatewayApplication(
                authentication,
                new GatewayEndpoints(
                    new InvocationEndpoints(functions, _scheduler, _invocations, options.KeyLimits, _state, auditLog, _detached),
                    new BlobEndpoints(functions.Blobs),
                    new WorkerEndpoints(_scheduler, logs, auditLog),
                    new EnvironmentEndpoints(environments, _state, auditLog, TimeProvider.System),
                    new DataEndpoints(_data, _namespace.PathAsync),
                    new DetachedEndpoints(_detached),
                    new HealthEndpoints(_state)
                ),
                log
            )
        );
    }

    /// <summary>Where it listens, once it does.</summary>
    public IReadOnlyCollection<string> Addresses => _gateway.Addresses;

    /// <summary>How many calls are not over.</summary>
    public int Calls => _invocations.LiveCount + (_detached.Current?.RunningCount ?? 0);

    /// <summary>
    /// A host for the program that started this process. That learns of crashes and refusals by its calls, and keeps what the host prints:
    /// faults of the host alone.
    /// </summary>
    public static RuntimeHost Create(LocalOptions options) =>
        new(
            options.Host,
            new LocalListenerConfiguration(Path.Combine(options.Host.Directory, RuntimeStart.SocketName)),
            new KeyAuthentication(options.Key),
            null,
            new ErrorOutput(Console.Error, TimeProvider.System, LogLevel.Error).Host
        );

    /// <summary>A host for every holder of a key.</summary>
    /// <param name="options">What it needs to know.</param>
    /// <param name="listening">Where it listens.</param>
    /// <param name="keyring">Who may call.</param>
    /// <param name="audit">Takes down what admins do.</param>
    /// <param name="log">Receives what happens.</param>
    public static RuntimeHost Create(HostOptions options, IListenerConfiguration listening, Keyring keyring, KeyStore audit, ILogger log) =>
        new(options, listening, new KeyringAuthentication(keyring, TimeProvider.System, log), audit, log);

    /// <exception cref="IOException">It cannot listen.</exception>
    public async Task StartAsync()
    {
        await _detached.ContinueAsync();
        await _gateway.StartAsync();
        _state.Ready();
    }

    /// <summary>Takes no new calls, and waits until those that are here have ended; cancels those that have not within the limit.</summary>
    /// <param name="limit">How long they have.</param>
    /// <param name="hurry">Ends the wait at once.</param>
    /// <returns>How many were cancelled.</returns>
    public async Task<int> DrainAsync(TimeSpan limit, CancellationToken hurry)
    {
        _state.Drain(limit);
        var empty = Task.WhenAll(_invocations.WaitUntilEmptyAsync(), _detached.Current?.DrainAsync() ?? Task.CompletedTask);
        await Task.WhenAny(empty, Task.Delay(limit, hurry));
        var left = _invocations.LiveCount;
        if (left > 0)
        {
            _invocations.CancelAll(
                new()
                {
                    Reason = RefusalReason.Host,
                    Message = "The host is shutting down, and the call did not end in the time that it had for that. It was cancelled.",
                }
            );
            await Task.WhenAny(empty, Task.Delay(LastWordsLimit, hurry));
        }

        // Answers that are being written still arrive.
        using var last = CancellationTokenSource.CreateLinkedTokenSource(hurry);
        last.CancelAfter(LastWordsLimit);
        await _gateway.StopAsync(last.Token);
        return left;
    }

    /// <summary>
    /// Ends the workers first: nothing that is still running has anyone left to answer to, and what idle ones keep is disposed of.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _invocations.Dispose();
        _detached.Stop();
        await _scheduler.DisposeAsync();
        await _detached.DisposeAsync();
        await _cgroups.DisposeAsync();
        await _namespace.DisposeAsync();
        _listener.Dispose();
        await _gateway.DisposeAsync();
        if (_data.IsValueCreated)
        {
            _data.Value.Dispose();
        }

        try
        {
            Directory.Delete(_directory, recursive: true);
        }
        catch (IOException)
        {
            // A file that someone holds open; the next runtime to start clears the folders of dead ones.
        }
    }

    private static string[] NeededByWorkers(HostOptions options) =>
        [
            AppContext.BaseDirectory,
            DotnetInstallation.Root ?? RuntimeEnvironment.GetRuntimeDirectory(),
            options.Directory,
            options.StateDirectory,
            options.EnvironmentsDirectory,
            options.DataDirectory,
        ];
}
