using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Detached;
using FalServerless.Runtime.Environments;
using FalServerless.Runtime.Files;
using FalServerless.Runtime.Files.Uploads;
using FalServerless.Runtime.Functions;
using FalServerless.Runtime.Gateway;
using FalServerless.Runtime.Keys;
using FalServerless.Runtime.Scheduling;
using FalServerless.Runtime.Scheduling.Planning;
using FalServerless.Runtime.Workers;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Time;
using FalServerless.Tests.Shared.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace FalServerless.Tests.Shared.Scripted;

/// <summary>A whole gateway on real sockets, whose workers do what the test says and whose clock the test moves.</summary>
internal sealed class ScriptedHost : IAsyncDisposable
{
    private const string Key = "key";

    private static readonly byte[] Manifest = FunctionManifestCodec.Write(
        new()
        {
            Kind = BodyKind.Expression,
            Body = new byte[] { 1 },
            Assemblies = [],
        }
    );

    private readonly TemporaryFolder _folder = new();
    private readonly WorkerListener _listener;
    private readonly Scheduler _scheduler;
    private readonly Invocations _invocations;
    private readonly GatewayServer _server;
    private readonly HttpClient _http;
    private readonly BlockingCollection<ScriptedWorker> _started = [];
    private readonly ConcurrentQueue<ScriptedWorker> _all = new();
    private readonly Lazy<DataStore> _data;

    public ScriptedHost(bool listening = true, ScriptedSettings? settings = null)
    {
        settings ??= new();
        _listener = new(_folder.File("workers.sock"));
        var blobs = new BlobStore(_folder.File("blobs"));
        var functions = new FunctionStore(blobs, new FunctionFolders(blobs, _folder.File("assemblies")));
        var environments = new EnvironmentStore(
            _folder.File("environments"),
            long.MaxValue,
            new NuGetRestore(null).BuildAsync,
            TimeProvider.System
        );
        var launcher = new Launcher(async workerClass =>
        {
            await settings.Starting(workerClass);
            var (worker, handle) = await ScriptedWorker.StartAsync(_listener);
            worker.EndsWhenAsked = settings.WorkersEndWhenAsked;
            if (listening)
            {
                worker.Listen();
            }

            _all.Enqueue(worker);
            _started.Add(worker);
            return handle;
        });
        Capacity = new(settings.Cpus, settings.MemoryBytes, settings.Gpus, settings.RefusesLarger);
        _scheduler = new(
            new PrewarmedWorkers(launcher, settings.Prewarmed, Time),
            Capacity,
            new QueueLimits(settings.QueueLimit, settings.QueueWait),
            new EnvironmentGate(environments, Time),
            Time,
            settings.Log
        );
        _invocations = new(_scheduler, Time);
        _data = new(() => new DataStore(new DataFolders(_folder.File("data")), Time));
        var detached = new DetachedStart(_folder.Path, () => throw new NotSupportedException("Scripted hosts keep nothing."));
        var audit = new AuditLog(null, Time, NullLogger.Instance);
        var endpoints = new GatewayEndpoints(
            new InvocationEndpoints(functions, _scheduler, _invocations, settings.KeyLimits, new(), audit, detached),
            new BlobEndpoints(functions.Blobs),
            new WorkerEndpoints(_scheduler, new(), audit),
            new EnvironmentEndpoints(environments, new(), audit, Time),
            new DataEndpoints(_data, () => new(_folder.File("data"))),
            new DetachedEndpoints(detached),
            new HealthEndpoints(new())
        );
        ListenAddress[] addresses =
        [
            ListenAddress.TryParse("http://127.0.0.1:0", out _)!,
            ListenAddress.TryParse("unix:" + Socket, out _)!,
        ];
        IListenerConfiguration where = settings.Network is { } network
            ? new NetworkListenerConfiguration(addresses, null, NullLoggerFactory.Instance, network)
            : new LocalListenerConfiguration(Socket);
        _server = new(where, new(new KeyAuthentication(Key), endpoints, settings.Log));
        _http = new(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellationToken) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        )
        {
            BaseAddress = new("http://local"),
            Timeout = Eventually.Limit,
        };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"{Routes.KeyScheme} {Key}");
    }

    public ManualTime Time { get; } = new();

    public string Socket => _folder.File("gateway.sock");

    /// <summary>The TCP addresses.</summary>
    public IEnumerable<string> Addresses => _server.Addresses.Where(address => !address.Contains("unix:", StringComparison.Ordinal));

    public string Authorization => $"{Routes.KeyScheme} {Key}";

    public Capacity Capacity { get; }

    public Scheduler Scheduler => _scheduler;

    public static Task<ScriptedHost> StartAsync(ScriptedSettings settings) => StartAsync(settings: settings, listening: true);

    public static async Task<ScriptedHost> StartAsync(bool listening = true, ScriptedSettings? settings = null)
    {
        var host = new ScriptedHost(listening, settings);
        await host._server.StartAsync();
        return host;
    }

    /// <summary>The next worker that the pool starts.</summary>
    public ScriptedWorker NextWorker()
    {
        Assert.True(_started.TryTake(out var worker, Eventually.Limit), "no worker was started.");
        return worker;
    }

    /// <summary>How many calls the gateway has.</summary>
    public int Live => _invocations.LiveCount;

    public bool HasStartedWorkers => _started.Count > 0;

    /// <summary>All workers that it ever started.</summary>
    public IReadOnlyList<ScriptedWorker> Started => [.. _all];

    /// <summary>How many workers it ever started.</summary>
    public int StartedCount => _all.Count;

    /// <summary>A request as a client would post it; the worker is asked for with nothing but what the test says.</summary>
    public static InvocationRequest Request(Func<CallOptions, CallOptions>? environment = null)
    {
        var spec = new CallOptions
        {
            MachineType = "XS",
            KeepAlive = TimeSpan.FromMinutes(1),
            MaxWorkers = 1,
            CancellationGrace = TimeSpan.FromSeconds(5),
        };
        return new()
        {
            Id = Guid.NewGuid(),
            Function = ContentHash.Of(Manifest),
            Manifest = new(Manifest),
            Options = environment is null ? spec : environment(spec),
            Payload = new(new byte[] { 1, 2, 3 }),
        };
    }

    public static byte[] Written(InvocationRequest request)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        InvocationRequestCodec.Write(output, request);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Head(InvocationRequest request, long payloadLength)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        InvocationRequestCodec.WriteHead(output, request, payloadLength);
        return output.WrittenSpan.ToArray();
    }

    public Task<CallEvents> PostAsync(InvocationRequest request) => PostAsync(new ByteArrayContent(Written(request)));

    /// <summary>Posts and returns once the response begins.</summary>
    public async Task<CallEvents> PostAsync(HttpContent content)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(Routes.MessageMediaType);
        using var request = new HttpRequestMessage(HttpMethod.Post, Routes.Invocations) { Content = content };
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return new(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    public async Task<int> DeleteAsync(Guid id)
    {
        using var response = await _http.DeleteAsync(
            new Uri(Routes.Invocation(id), UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        return (int)response.StatusCode;
    }

    /// <summary>A bare connection on which a request has begun.</summary>
    public Socket Begin(string headers, ReadOnlySpan<byte> body)
    {
        var socket = LocalSockets.Dial(Socket);
        socket.Send(
            Encoding.ASCII.GetBytes(
                $"POST {Routes.Invocations} HTTP/1.1\r\nHost: local\r\nAuthorization: {Routes.KeyScheme} {Key}\r\n{headers}\r\n\r\n"
            )
        );
        socket.Send(body);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _invocations.Dispose();
        foreach (var worker in _all)
        {
            worker.Dispose();
        }

        await _scheduler.DisposeAsync();
        await _server.DisposeAsync();
        _listener.Dispose();
        _folder.Dispose();
    }

    private sealed class Launcher(Func<WorkerClass, Task<WorkerHandle>> start) : IWorkerLauncher
    {
        public Task<WorkerHandle> StartAsync(WorkerClass workerClass) => start(workerClass);
    }
}
