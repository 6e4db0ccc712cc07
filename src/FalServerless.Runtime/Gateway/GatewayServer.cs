using FalServerless.Protocol;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
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

    public GatewayServer(IListenerConfiguration listening, GatewayApplication application)
    {
        _application = application;
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = ProtocolLimits.MaximumBody + ProtocolLimits.MaximumHead;
        listening.Configure(options);

        // What a connection holds of a payload that waits for its worker.
        var sockets = SocketSettings.Create();
        sockets.MaxReadBufferSize = 4 * ProtocolLimits.Chunk;
        listening.Configure(sockets);
        var transport = new SocketTransportFactory(Options.Create(sockets), listening.Loggers);
        _kestrel = new KestrelServer(Options.Create(options), transport, listening.Loggers);
    }

    /// <summary>Where it listens, once it does, as <see cref="ListenAddress"/> has it.</summary>
    public IReadOnlyCollection<string> Addresses =>
        [
            .. _kestrel
                .Features.Get<IServerAddressesFeature>()!
                .Addresses.Select(address => address[Math.Max(0, address.IndexOf("unix:", StringComparison.Ordinal))..]),
        ];

    /// <exception cref="IOException">An address is in use, or is none of this machine.</exception>
    public Task StartAsync() => _kestrel.StartAsync(_application, CancellationToken.None);

    /// <summary>Takes no connections any more, and waits until those that are there have had their answers.</summary>
    public Task StopAsync(CancellationToken limit) => _kestrel.StopAsync(limit);

    public async ValueTask DisposeAsync()
    {
        // Connections that are still open have no one left to answer them.
        await _kestrel.StopAsync(new CancellationToken(canceled: true));
        _kestrel.Dispose();
    }
}
