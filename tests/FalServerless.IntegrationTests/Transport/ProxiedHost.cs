using System.Net;
using System.Net.Sockets;
using System.Text;
using FalServerless.Hosts;
using FalServerless.Protocol;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Transport;
using FalServerless.Transport;

namespace FalServerless.IntegrationTests.Transport;

/// <summary>
/// A real local host behind a proxy that counts the requests and can break a connection. Each one is another client of the host.
/// </summary>
internal sealed class ProxiedHost : FalHost, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _listener;
    private readonly string _target;
    private readonly RuntimeClient _client;
    private readonly (byte[] Given, byte[] Meant)? _key;
    private readonly Lock _lock = new();
    private readonly List<string> _requests = [];
    private Cut? _next;
    private int _cuts;

    private ProxiedHost(LocalRuntime runtime)
    {
        var path = _folder.File("proxy.sock");
        _listener = Listen(new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixDomainSocketEndPoint(path));
        _target = Path.Combine(runtime.Directory, RuntimeStart.SocketName);
        _client = RuntimeClient.OverSocket(path, runtime.Key, () => "It is behind a proxy.", () => runtime.HasExited);
        _ = Connections.AcceptAllAsync(_listener, ForwardAsync);
    }

    private ProxiedHost(LocalRuntime runtime, Func<string, CloudKeyCredentials, RuntimeClient> connect)
    {
        // A local host has a key of another form; one of the same length can take its place on the way.
        var key = new CloudKeyCredentials("test", new('s', runtime.Key.Length - "test:".Length));
        _key = (Encoding.ASCII.GetBytes($"test:{key.Secret}"), Encoding.ASCII.GetBytes(runtime.Key));
        _listener = Listen(new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), new IPEndPoint(IPAddress.Loopback, 0));
        _target = Path.Combine(runtime.Directory, RuntimeStart.SocketName);
        _client = connect($"http://{_listener.LocalEndPoint}", key);
        _ = Connections.AcceptAllAsync(_listener, ForwardAsync);
    }

    /// <summary>How many connections were broken.</summary>
    public int Cuts => _cuts;

    /// <summary>The first lines of all requests that went through.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public static async Task<ProxiedHost> StartAsync(LocalHost host) => new(await host.RuntimeAsync());

    /// <summary>The same, reached by its address, as a host elsewhere.</summary>
    public static async Task<ProxiedHost> StartOverTcpAsync(LocalHost host) =>
        new(
            await host.RuntimeAsync(),
            (address, key) => FalHost.At(address).ConnectAsync(key, CancellationToken.None).AsTask().GetAwaiter().GetResult()
        );

    /// <summary>Breaks the next connection on which that much has gone since now, in the one direction or the other.</summary>
    public void CutOnce(Action<Cut> describe)
    {
        var cut = new Cut();
        describe(cut);
        Volatile.Write(ref _next, cut);
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _client.Dispose();
        _folder.Dispose();
        return default;
    }

    internal override void Prepare() { }

    internal override ValueTask<RuntimeClient> ConnectAsync(CancellationToken cancellationToken) => new(_client);

    private static Socket Listen(Socket socket, EndPoint at)
    {
        socket.Bind(at);
        socket.Listen();
        return socket;
    }

    private async Task ForwardAsync(Socket client)
    {
        using var host = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            try
            {
                await host.ConnectAsync(new UnixDomainSocketEndPoint(_target));
                await Task.WhenAny(CopyAsync(client, host, isRequest: true), CopyAsync(host, client, isRequest: false));
            }
            catch (SocketException)
            {
                // The host is gone, and so is this connection.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool isRequest)
    {
        var buffer = new byte[16 << 10];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                if (isRequest)
                {
                    Note(buffer.AsSpan(0, count));
                    ReplaceKey(buffer.AsSpan(0, count));
                }

                if (
                    Volatile.Read(ref _next) is { } cut
                    && cut.IsReached(count, isRequest)
                    && Interlocked.CompareExchange(ref _next, null, cut) == cut
                )
                {
                    Interlocked.Increment(ref _cuts);
                    return;
                }

                for (var sent = 0; sent < count; )
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException) { }
    }

    // A request begins with what was sent at once, as none is sent before the last one was answered.
    private void Note(ReadOnlySpan<byte> sent)
    {
        if (sent.StartsWith("POST "u8) || sent.StartsWith("PUT "u8) || sent.StartsWith("DELETE "u8))
        {
            lock (_lock)
            {
                _requests.Add(Encoding.ASCII.GetString(sent[..sent.IndexOf(" HTTP/"u8)]));
            }
        }
    }

    private void ReplaceKey(Span<byte> sent)
    {
        if (_key is var (given, meant) && sent.IndexOf(given) is >= 0 and var at)
        {
            meant.CopyTo(sent[at..]);
        }
    }

    /// <summary>Where a connection breaks; null is nowhere.</summary>
    internal sealed class Cut
    {
        private int _requested;
        private int _answered;

        public int? RequestBytes { get; set; }

        public int? AnswerBytes { get; set; }

        public bool IsReached(int count, bool isRequest) =>
            isRequest ? Interlocked.Add(ref _requested, count) > RequestBytes : Interlocked.Add(ref _answered, count) > AnswerBytes;
    }
}
