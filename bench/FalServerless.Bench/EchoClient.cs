using System.Net.Sockets;

namespace FalServerless.Bench;

/// <summary>Posts to the echo with the same HTTP stack, and the same care, as the library's own client.</summary>
internal sealed class EchoClient(HttpMessageInvoker http, Uri address) : IDisposable
{
    private static readonly byte[] Body = new byte[150];

    public static EchoClient OverSocket(string socket) =>
        new(
            new HttpMessageInvoker(
                new SocketsHttpHandler
                {
                    UseProxy = false,
                    UseCookies = false,
                    AllowAutoRedirect = false,
                    ActivityHeadersPropagator = null,
                    ConnectCallback = async (_, cancellationToken) =>
                    {
                        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                        await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
                        return new NetworkStream(connection, ownsSocket: true);
                    },
                }
            ),
            new Uri("http://local/")
        );

    public static EchoClient OverLoopback(int port) =>
        new(
            new HttpMessageInvoker(
                new SocketsHttpHandler
                {
                    UseProxy = false,
                    UseCookies = false,
                    AllowAutoRedirect = false,
                    ActivityHeadersPropagator = null,
                }
            ),
            new Uri($"http://127.0.0.1:{port}/")
        );

    public async Task PostAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(Body) };
        using var response = await http.SendAsync(request, CancellationToken.None);
        var answer = await response.Content.ReadAsByteArrayAsync();
        if (answer.Length != Body.Length)
        {
            throw new InvalidOperationException($"The echo answered with {answer.Length} bytes.");
        }
    }

    public void Dispose() => http.Dispose();
}
