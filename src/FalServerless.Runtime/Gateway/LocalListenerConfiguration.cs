using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FalServerless.Runtime.Gateway;

/// <summary>A socket in a private folder, for the program that started the host.</summary>
internal sealed class LocalListenerConfiguration(string socket) : IListenerConfiguration
{
    public ILoggerFactory Loggers => NullLoggerFactory.Instance;

    public void Configure(KestrelServerOptions server)
    {
        // A local socket has no slow network behind it; the client's own timeouts decide.
        server.Limits.MinRequestBodyDataRate = null;
        server.Limits.MinResponseDataRate = null;
        server.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http1);
    }

    public void Configure(SocketTransportOptions sockets) { }
}
