using System.Net;
using System.Net.Sockets;

namespace FalServerless.Tests.Shared.Transport;

/// <summary>A port that nobody else gets, and where nobody listens until <see cref="Open"/>.</summary>
internal sealed class ClosedPort : IDisposable
{
    // Below those that systems give out by themselves.
    private const int Lowest = 20_000;
    private const int Highest = 32_000;

    private readonly Socket _socket = New();

    public ClosedPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public string Address => $"http://{_socket.LocalEndPoint}";

    /// <summary>A port for somebody who opens it later, and again.</summary>
    public static int Free()
    {
        while (true)
        {
            try
            {
                using var once = New();
                once.Bind(new IPEndPoint(IPAddress.Loopback, Random.Shared.Next(Lowest, Highest)));
                return ((IPEndPoint)once.LocalEndPoint!).Port;
            }
            catch (SocketException)
            {
                // It is in use: another one.
            }
        }
    }

    public void Open(Func<Socket, Task> serve)
    {
        _socket.Listen();
        _ = Connections.AcceptAllAsync(_socket, serve);
    }

    public void Dispose() => _socket.Dispose();

    private static Socket New() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
}
