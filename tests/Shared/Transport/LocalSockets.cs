using System.Net.Sockets;
using FalServerless.Protocol.Worker;

namespace FalServerless.Tests.Shared.Transport;

/// <summary>The bare ends of a worker's connection.</summary>
internal static class LocalSockets
{
    public static Socket Listen(string path)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        return listener;
    }

    public static Socket Dial(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    public static byte[] Frame(WorkerFrameKind kind, int length)
    {
        var bytes = new byte[WorkerFrameHeader.Size + length];
        new WorkerFrameHeader(kind, Guid.NewGuid(), length).Write(bytes);
        return bytes;
    }
}
