using System.Buffers;
using System.Linq.Expressions;
using System.Net.Http.Headers;
using System.Net.Sockets;
using FalServerless.Capture;
using FalServerless.Hosts;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Scripted;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Gateway;

/// <summary>A real host, and the bare wire to its gateway.</summary>
public sealed class RunningHost : IAsyncLifetime
{
    private readonly LocalHost _host;
    private HttpClient? _http;

    public RunningHost()
        : this(new LocalHost()) { }

    internal RunningHost(LocalHost host) => _host = host;

    /// <param name="settings">Environment variables of the host's own.</param>
    internal static async Task<RunningHost> StartAsync(Dictionary<string, string>? settings = null)
    {
        var host = new RunningHost(new LocalHost(settings));
        await host.InitializeAsync();
        return host;
    }

    internal FalHost Host => _host;

    internal string Directory { get; private set; } = "";

    internal string Socket => Path.Combine(Directory, RuntimeStart.SocketName);

    internal string Key { get; private set; } = "";

    internal int ProcessId { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var runtime = await _host.RuntimeAsync();
        (Directory, Key, ProcessId) = (runtime.Directory, runtime.Key, runtime.ProcessId);
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
            Timeout = TimeSpan.FromSeconds(20),
        };
    }

    public ValueTask DisposeAsync()
    {
        _http?.Dispose();
        _host.Dispose();
        return default;
    }

    /// <summary>Sends any request, with the right key unless another one is given.</summary>
    internal async Task<(int Status, byte[] Body)> SendAsync(HttpMethod method, string path, byte[] body, string? authorization = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation("Authorization", authorization ?? $"Key {Key}");
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(Routes.MessageMediaType);
        using var response = await _http!.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The workers, as the host lists them.</summary>
    internal async Task<IReadOnlyList<WorkerStatus>> WorkersAsync()
    {
        var (status, body) = await SendAsync(HttpMethod.Get, Routes.Workers, []);
        Assert.Equal(200, status);
        return WorkerListCodec.Read(new(body));
    }

    /// <summary>Waits for a list of workers for which the condition holds.</summary>
    internal async Task<IReadOnlyList<WorkerStatus>> WorkersAsync(Func<IReadOnlyList<WorkerStatus>, bool> condition)
    {
        var workers = await WorkersAsync();
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); !condition(workers); workers = await WorkersAsync())
        {
            Assert.True(watch.Elapsed < Eventually.Limit, $"The workers are {string.Join('\n', workers)}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TestContext.Current.CancellationToken);
        }

        return workers;
    }

    internal Task<(int Status, byte[] Body)> PostAsync(byte[] request) => SendAsync(HttpMethod.Post, Routes.Invocations, request);

    /// <summary>A request as the client would post it, changed as the test wants it.</summary>
    internal static byte[] Request(
        LambdaExpression lambda,
        Func<InvocationRequest, InvocationRequest>? change = null,
        params object?[] inputs
    )
    {
        var function = FunctionCapture.Capture(lambda);
        var payload = new ArrayBufferWriter<byte>();
        new ValueSerializer(function.Code.Types).WriteAll(payload, function.Types, inputs);
        var request = new InvocationRequest
        {
            Id = Guid.NewGuid(),
            Function = function.Code.Identity,
            Manifest = function.Code.Manifest,
            Options = new() { MachineType = "XS", KeepAlive = TimeSpan.FromSeconds(10) },
            Payload = new(payload.WrittenMemory),
        };
        return ScriptedHost.Written(change is null ? request : change(request));
    }

    /// <summary>The request with another manifest, and the hash that belongs to it.</summary>
    internal static Func<InvocationRequest, InvocationRequest> With(FunctionManifest manifest)
    {
        var bytes = FunctionManifestCodec.Write(manifest);
        return request => request with { Manifest = new(bytes), Function = ContentHash.Of(bytes) };
    }

    internal async Task AssertServesAsync() =>
        Assert.Equal(
            3,
            await Isolated
                .Create((int value) => value + 1, new() { Host = Host })
                .InvokeAsync(2, TestContext.Current.CancellationToken)
                .WaitAsync(Eventually.Limit)
        );
}
