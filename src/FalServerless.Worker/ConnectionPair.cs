using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using FalServerless.Transport;

namespace FalServerless.Worker;

/// <summary>Both ends of a connection within this process, on sockets like those to the gateway.</summary>
internal sealed class ConnectionPair : IDisposable
{
    private const int UnixFamily = 1;
    private const int StreamType = 1;

    private readonly Socket _home;

    public ConnectionPair()
    {
        var sockets = new int[2];
        if (SocketPair(UnixFamily, StreamType, 0, sockets) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        _home = new(new SafeSocketHandle(sockets[0], ownsHandle: true));
        Home = new(_home);
        Worker = new(new(new SafeSocketHandle(sockets[1], ownsHandle: true)));
    }

    public WorkerConnection Home { get; }

    public WorkerConnection Worker { get; }

    /// <summary>Nothing more comes from the gateway, which still reads.</summary>
    public void EndFromHome() => _home.Shutdown(SocketShutdown.Send);

    public void Dispose()
    {
        Home.Dispose();
        Worker.Dispose();
    }

    [DllImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static extern int SocketPair(int family, int type, int protocol, int[] sockets);
}
