using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Scripted;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Detached;

/// <summary>The bare wire to a host on a socket.</summary>
internal sealed class SocketClient : IDisposable
{
    private readonly string _socket;
    private readonly string _key;
    private readonly HttpClient _http;

    public SocketClient(string socket, string key)
    {
        (_socket, _key) = (socket, key);
        _http = new(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellationToken) => new NetworkStream(await DialAsync(cancellationToken), ownsSocket: true),
            }
        )
        {
            BaseAddress = new("http://local"),
            Timeout = Eventually.Limit,
        };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"{Routes.KeyScheme} {key}");
    }

    public async Task<int> SendAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await _http.SendAsync(request, cancellationToken);
        return (int)response.StatusCode;
    }

    public async Task<int> PostAsync(byte[] request, CancellationToken cancellationToken)
    {
        using var content = Content(request);
        using var response = await _http.PostAsync(new Uri(Routes.Invocations, UriKind.Relative), content, cancellationToken);
        return (int)response.StatusCode;
    }

    /// <summary>Sends the files that the host lacks of a request's function.</summary>
    public async Task UploadAsync(byte[] request, CancellationToken cancellationToken)
    {
        var probe = InvocationRequestCodec.Read(new(request)) with { Retries = null, Id = Guid.NewGuid() };
        using var content = Content(ScriptedHost.Written(probe));
        using var response = await _http.PostAsync(new Uri(Routes.Invocations, UriKind.Relative), content, cancellationToken);
        Assert.Equal(409, (int)response.StatusCode);
        var missing = RefusalCodec.Read(new(await response.Content.ReadAsByteArrayAsync(cancellationToken))).Missing;
        var files = Directory
            .GetFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetExtension(path) is ".dll" or ".pdb" or ".so" or ".json")
            .ToLookup(path => ContentHash.Of(File.ReadAllBytes(path)));
        foreach (var hash in missing)
        {
            using var blob = Content(await File.ReadAllBytesAsync(files[hash].First(), cancellationToken));
            using var put = await _http.PutAsync(new Uri(Routes.Blob(hash), UriKind.Relative), blob, cancellationToken);
            Assert.Equal(204, (int)put.StatusCode);
        }
    }

    /// <summary>Sends a part of a request, and breaks the connection.</summary>
    public async Task BreakOffAsync(byte[] request, int after, CancellationToken cancellationToken)
    {
        using var socket = await DialAsync(cancellationToken);
        await socket.SendAsync(
            Encoding.ASCII.GetBytes(
                $"POST {Routes.Invocations} HTTP/1.1\r\nHost: local\r\nAuthorization: {Routes.KeyScheme} {_key}\r\nContent-Length: "
                    + $"{request.Length}\r\n\r\n"
            ),
            cancellationToken
        );
        for (var sent = 0; sent < after; )
        {
            sent += await socket.SendAsync(request.AsMemory(sent, after - sent), cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    private static ByteArrayContent Content(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(Routes.MessageMediaType);
        return content;
    }

    private async Task<Socket> DialAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket), cancellationToken);
        return socket;
    }
}
