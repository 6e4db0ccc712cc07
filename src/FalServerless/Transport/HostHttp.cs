using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace FalServerless.Transport;

/// <summary>The HTTP client of a host that is reached by an address: connections, what they trust, and the pipeline before them.</summary>
internal static class HostHttp
{
    /// <summary>The client's name at the factory.</summary>
    public const string Name = "FalServerless";

    // A name may lead to another machine after that.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(15);

    // How a connection is found dead on which nothing is sent: after 45 s.
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(15);
    private const int Pings = 3;

    /// <summary>Registers the client.</summary>
    /// <param name="services">Where.</param>
    /// <param name="find">Gives what the client is for.</param>
    public static IHttpClientBuilder Add(IServiceCollection services, Func<IServiceProvider, HostConnection> find) =>
        services
            .AddHttpClient(Name, static client => client.Timeout = Timeout.InfiniteTimeSpan)
            .AddHttpMessageHandler(services =>
            {
                var connection = find(services);
                return new ResilienceHandler(ResiliencePipelines.Create(connection.Options, connection.Time));
            })
            .UseSocketsHttpHandler((handler, services) => Configure(handler, find(services)))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);

    /// <summary>The client, from a collection of its own.</summary>
    public static HttpClient Create(HostConnection connection)
    {
        var services = new ServiceCollection();
        Add(services, _ => connection).RemoveAllLoggers();
        return services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient(Name);
    }

    private static void Configure(SocketsHttpHandler handler, HostConnection connection)
    {
        handler.ConnectTimeout = connection.Options.ConnectTimeout;
        handler.ConnectCallback = ConnectAsync;
        handler.PooledConnectionLifetime = ConnectionLifetime;
        handler.EnableMultipleHttp2Connections = true;
        handler.KeepAlivePingDelay = PingAfter;
        handler.KeepAlivePingTimeout = PingTimeout;
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.UseProxy = !connection.Address.IsLoopback;
        handler.SslOptions.RemoteCertificateValidationCallback = HostTrust.From(connection.CertificateFile);
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)PingAfter.TotalSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, (int)PingTimeout.TotalSeconds / Pings);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Pings);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
