using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace FalServerless.Runtime.Gateway;

/// <summary>Where a gateway listens, and what it puts up with there.</summary>
internal interface IListenerConfiguration
{
    /// <summary>Receives the log of the web server.</summary>
    ILoggerFactory Loggers { get; }

    void Configure(KestrelServerOptions server);

    void Configure(SocketTransportOptions sockets);
}
