using System.Net.Sockets;
using System.Text;
using FalServerless.Transport;

namespace FalServerless.Tests.Transport;

/// <summary>A host that answers every request with the given bytes and closes the connection.</summary>
internal sealed class FakeHost : FalHost, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly RuntimeClient _client;

    public FakeHost()
    {
        var path = _folder.File("gateway.sock");
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _client = RuntimeClient.OverSocket(path, "key", () => "It is a fake.");
        _ = AcceptAsync();
    }

    public byte[] Answer { get; set; } = [];

    public static byte[] Http(string status, string headers, ReadOnlySpan<byte> body) => [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{headers}\r\n"), .. body];

    public static byte[] Ok(ReadOnlySpan<byte> body) => Http("200 OK", $"Content-Length: {body.Length}\r\n", body);

    public void Dispose()
    {
        _listener.Dispose();
        _client.Dispose();
        _folder.Dispose();
    }

    internal override void Prepare()
    {
    }

    internal override ValueTask<RuntimeClient> ConnectAsync(CancellationToken cancellationToken) => new(_client);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        using var stream = new NetworkStream(connection, ownsSocket: true);
        try
        {
            await ReadRequestAsync(stream);
            await stream.WriteAsync(Answer);
        }
        catch (IOException)
        {
            // The client had seen enough.
        }
    }

    private static async Task ReadRequestAsync(NetworkStream stream)
    {
        var request = new StringBuilder();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var count = await stream.ReadAsync(buffer);
            request.Append(Encoding.Latin1.GetString(buffer, 0, count));
            var text = request.ToString();
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (count == 0 || (end >= 0 && text.Length - end - 4 >= ContentLength(text[..end])))
            {
                return;
            }
        }
    }

    private static int ContentLength(string headers) =>
        headers.Split("\r\n").Where(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal)).Select(line => int.Parse(line[16..])).FirstOrDefault();
}
