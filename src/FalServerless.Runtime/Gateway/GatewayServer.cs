using FalServerless.Protocol;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FalServerless.Runtime.Gateway;

/// <summary>
/// Kestrel with nothing around it: the generic host, its configuration and routing would double the time until the first call,
/// which a program that just started waits for.
/// </summary>
internal sealed class GatewayServer : IAsyncDisposable
{
    private readonly KestrelServer _kestrel;
    private readonly GatewayApplication _application;

    public GatewayServer(string socket, GatewayApplication application)
    {
        _application = application;
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = ProtocolLimits.MaximumBody + ProtocolLimits.MaximumHead;

        // A local socket has no slow network behind it; the client's own timeouts decide.
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http1);

        // What a connection holds of a payload that waits for its worker.
        var sockets = SocketSettings.Create();
        sockets.MaxReadBufferSize = 4 * ProtocolLimits.Chunk;
        var transport = new SocketTransportFactory(Options.Create(sockets), NullLoggerFactory.Instance);
        _kestrel = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
    }

    public Task StartAsync() => _kestrel.StartAsync(_application, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        // Whoever is still connected has nobody left to answer.
        await _kestrel.StopAsync(new CancellationToken(canceled: true));
        _kestrel.Dispose();
    }
}
