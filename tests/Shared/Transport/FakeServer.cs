using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using FalServerless.Credentials;
using FalServerless.Hosts;
using FalServerless.Internal;
using FalServerless.Tests.Shared.Time;
using FalServerless.Transport;

namespace FalServerless.Tests.Shared.Transport;

/// <summary>A host with an address that does as a test says, on real sockets. A connection serves as many requests as come.</summary>
internal sealed class FakeServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly X509Certificate2? _certificate;
    private int _connections;

    /// <param name="certificate">Speaks TLS with it.</param>
    public FakeServer(X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _ = Connections.AcceptAllAsync(_listener, ServeAsync);
    }

    public static CloudKeyCredentials Key { get; } = new("ci-7", "s3cret");

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public string Address => $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{Port}";

    /// <summary>What is done with a connection in place of serving it.</summary>
    public Func<Socket, Task>? OnConnect { get; set; }

    /// <summary>The answers, one for each request; the last one for all that follow. An empty one ends the connection.</summary>
    public byte[][] Answers { get; set; } = [];

    public int ConnectionCount => _connections;

    public ConcurrentQueue<FakeRequest> Requests { get; } = new();

    /// <summary>A host to call, with a circuit of its own and hurried waits.</summary>
    public FalHost Host(Func<HostConnection, HostConnection>? change = null) => HostAt(Address, change);

    public static FalHost HostAt(string address, Func<HostConnection, HostConnection>? change = null)
    {
        var connection = new HostConnection { Address = HostAddress.Read(address, out _)!, Time = new HurriedTime() };
        return new CloudHost(change is null ? connection : change(connection), key: new ResolvedCredentials(Key, "the test"));
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(Socket connection)
    {
        Interlocked.Increment(ref _connections);
        try
        {
            if (OnConnect is { } instead)
            {
                await instead(connection);
                return;
            }

            await using Stream plain = new NetworkStream(connection, ownsSocket: true);
            await using var stream = _certificate is null ? plain : await SecureAsync(plain, _certificate);
            while (await FakeRequest.ReadAsync(stream) is { } request)
            {
                Requests.Enqueue(request);
                if (Answers[Math.Min(Requests.Count, Answers.Length) - 1] is not { Length: > 0 } answer)
                {
                    return;
                }

                await stream.WriteAsync(answer);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // The client had seen enough.
        }
    }

    private static async Task<Stream> SecureAsync(Stream plain, X509Certificate2 certificate)
    {
        var secure = new SslStream(plain);
        await secure.AuthenticateAsServerAsync(certificate);
        return secure;
    }
}
