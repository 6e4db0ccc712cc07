using System.Net.Sockets;

namespace FalServerless.Tests.Shared.Transport;

/// <summary>What the stand-ins for a host have in common.</summary>
internal static class Connections
{
    /// <summary>Serves every connection that comes, each beside the others, until the listener is closed.</summary>
    public static async Task AcceptAllAsync(Socket listener, Func<Socket, Task> serve)
    {
        try
        {
            while (true)
            {
                _ = serve(await listener.AcceptAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}
