using System.Net.Sockets;
using FalServerless.Protocol;
using FalServerless.Protocol.Worker;
using FalServerless.Transport;

namespace FalServerless.Worker;

/// <summary>The two connections to the gateway: calls on one, control on the other, so that a busy body never delays a stop.</summary>
internal sealed record GatewayConnections(WorkerConnection Data, WorkerConnection Control) : IDisposable
{
    public static GatewayConnections Dial(WorkerOptions options) => new(Dial(options, isControl: false), Dial(options, isControl: true));

    public void Dispose()
    {
        Data.Dispose();
        Control.Dispose();
    }

    private static WorkerConnection Dial(WorkerOptions options, bool isControl)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(options.Socket));
        var connection = new WorkerConnection(socket);
        var hello = new WorkerHello
        {
            Version = ProtocolVersion.Current,
            Token = options.Token,
            IsControl = isControl,
            ProcessId = Environment.ProcessId,
        };
        connection.Write(WorkerFrameKind.Hello, Guid.Empty, WorkerHelloCodec.Write(hello));
        return connection;
    }
}
