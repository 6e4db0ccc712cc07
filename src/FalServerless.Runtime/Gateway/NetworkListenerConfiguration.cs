using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FalServerless.Runtime.Gateway;

/// <summary>
/// The addresses of a served host. A connection that sends nothing is closed; an event stream may be silent for hours, and a payload may
/// wait for its worker, which the web server does not count: it times what it waits for.
/// </summary>
internal sealed class NetworkListenerConfiguration(
    IReadOnlyList<ListenAddress> addresses,
    ServerCertificate? certificate,
    ILoggerFactory loggers,
    NetworkLimits? network = null
) : IListenerConfiguration
{
    private const int StreamsPerConnection = 1_000;
    private const int StreamWindow = 256 << 10;

    /// <summary>Of so many streams the payload may wait for a worker without stopping the others of their connection.</summary>
    private const int WaitingStreams = 128;

    private static readonly TimeSpan SilentLimit = TimeSpan.FromSeconds(60);

    private readonly NetworkLimits _network = network ?? new();

    public ILoggerFactory Loggers => loggers;

    public void Configure(KestrelServerOptions server)
    {
        var limits = server.Limits;
        limits.MaxConcurrentConnections = _network.Connections;
        limits.RequestHeadersTimeout = _network.Headers;
        limits.KeepAliveTimeout = _network.Idle;
        limits.MinRequestBodyDataRate = new(_network.BodyBytesPerSecond, _network.BodyGrace);

        // A caller may take the items of a stream as slowly as it likes: its window holds the body back. Dead ones are found by the
        // system's probes.
        limits.MinResponseDataRate = null;
        limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
        limits.Http2.InitialStreamWindowSize = StreamWindow;
        limits.Http2.InitialConnectionWindowSize = StreamWindow * WaitingStreams;
        limits.Http2.KeepAlivePingDelay = SilentLimit;

        if (certificate is not null)
        {
            server.ApplicationServices = TlsServices();
        }

        foreach (var address in addresses)
        {
            Listen(server, address);
        }
    }

    public void Configure(SocketTransportOptions sockets) =>
        sockets.CreateBoundListenSocket = endPoint =>
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
            if (endPoint is UnixDomainSocketEndPoint { } local && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(local.ToString(), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
            else if (endPoint is IPEndPoint)
            {
                // Accepted connections inherit it. A machine that has vanished is noticed after two minutes.
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 15);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
            }

            return socket;
        };

    // The web server's TLS takes parts of its own from a service provider, and only its host builder knows which.
    private ServiceProvider TlsServices()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton(loggers);
        return builder.Services.BuildServiceProvider();
    }

    private void Listen(KestrelServerOptions server, ListenAddress address)
    {
        if (address.Socket is { } socket)
        {
            RemoveStale(socket);
            server.ListenUnixSocket(socket, listen => Protect(listen, address));
        }
        else if (address.EndPoint is { } endPoint)
        {
            server.Listen(endPoint, listen => Protect(listen, address));
        }
        else
        {
            server.ListenLocalhost(address.Port, listen => Protect(listen, address));
        }
    }

    private void Protect(ListenOptions listen, ListenAddress address)
    {
        // Without TLS there is nothing that a client could learn of HTTP/2 by.
        listen.Protocols = address.IsTls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
        if (address.IsTls)
        {
            listen.UseHttps(
                new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = certificate!.Certificate,
                    ServerCertificateChain = certificate.Chain,
                    HandshakeTimeout = _network.Handshake,
                }
            );
        }
    }

    // One that a killed host left behind; one that somebody listens on stays, and the start fails.
    private static void RemoveStale(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
        }
    }
}
