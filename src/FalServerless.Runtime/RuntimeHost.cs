using System.Runtime.InteropServices;
using FalServerless.Protocol;
using FalServerless.Runtime.Cli;
using FalServerless.Runtime.Data;
using FalServerless.Runtime.Data.Uploads;
using FalServerless.Runtime.Environments;
using FalServerless.Runtime.Gateway;
using FalServerless.Runtime.Scheduling;
using FalServerless.Runtime.Workers;
using FalServerless.Runtime.Workers.ResourceLimits;

namespace FalServerless.Runtime;

/// <summary>All parts of a runtime on one machine, for one user's program.</summary>
internal sealed class RuntimeHost : IAsyncDisposable
{
    private readonly string _directory;
    private readonly WorkerListener _listener;
    private readonly GatewayCgroups _cgroups;
    private readonly DataNamespace _namespace;
    private readonly Scheduler _scheduler;
    private readonly Invocations _invocations;
    private readonly Lazy<DataStore> _data;
    private readonly GatewayServer _gateway;
    private readonly List<PosixSignalRegistration> _signals = [];

    private RuntimeHost(HostOptions options, string key)
    {
        _directory = options.Directory;
        var functions = new FunctionStore(new BlobStore(Path.Combine(options.StateDirectory, "blobs")), Path.Combine(_directory, "assemblies"));
        _listener = new WorkerListener(Path.Combine(_directory, "workers.sock"));
        var settings = options.Settings;
        _cgroups = settings.UsesCgroups ? GatewayCgroups.Detect() : GatewayCgroups.None;
        var folders = new DataFolders(options.DataDirectory);
        _namespace = new DataNamespace(folders, settings.UsesNamespaces, NeededByWorkers(options));
        var launcher = new ProcessLauncher(_listener, _namespace, _cgroups, new HostSize(settings.Cpus, settings.MemoryBytes));
        var environments = new EnvironmentStore(options.EnvironmentsDirectory, settings.EnvironmentsLimit, new NuGetRestore(options.ConfigurationDirectory).BuildAsync, TimeProvider.System);
        _scheduler = new Scheduler(
            new GenericWorkers(launcher.StartAsync, settings.Prewarmed, TimeProvider.System),
            new Capacity(settings.Cpus, settings.MemoryBytes, settings.Gpus ?? HostGpus.Detect()),
            new QueueLimits(settings.QueueLimit, settings.QueueWait),
            new EnvironmentWaits(environments, TimeProvider.System),
            TimeProvider.System);
        _invocations = new Invocations(_scheduler, TimeProvider.System);
        _data = new(() => new DataStore(folders, TimeProvider.System), LazyThreadSafetyMode.PublicationOnly);

        // The first worker starts beside the gateway: by the time the first call comes, both are there.
        _scheduler.WarmUp();
        _gateway = new GatewayServer(
            Path.Combine(_directory, RuntimeStart.SocketName),
            new GatewayApplication(
                new KeyAuthentication(key),
                new InvocationEndpoints(functions, _scheduler, _invocations),
                new BlobEndpoints(functions.Blobs),
                new WorkerEndpoints(_scheduler),
                new EnvironmentEndpoints(environments),
                new DataEndpoints(_data, _namespace.PathAsync)));
    }

    public static RuntimeHost Create(LocalOptions options) => new(options.Host, options.Key);

    public async Task StartAsync()
    {
        // Ctrl-C reaches the whole terminal group; whether it ends anything is for the parent to decide.
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true));
        await _gateway.StartAsync();
    }

    /// <summary>Ends the workers first: nothing that is still running has anyone left to answer to, and what idle ones keep is disposed of.</summary>
    public async ValueTask DisposeAsync()
    {
        _invocations.Dispose();
        await _scheduler.DisposeAsync();
        await _cgroups.DisposeAsync();
        await _namespace.DisposeAsync();
        _listener.Dispose();
        await _gateway.DisposeAsync();
        if (_data.IsValueCreated)
        {
            _data.Value.Dispose();
        }

        _signals.ForEach(signal => signal.Dispose());
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
        [AppContext.BaseDirectory, RuntimeEnvironment.GetRuntimeDirectory(), options.Directory, options.StateDirectory, options.EnvironmentsDirectory, options.DataDirectory];
}
