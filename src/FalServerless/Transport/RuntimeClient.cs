using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using FalServerless.Protocol;
using FalServerless.Serialization.Messages;

namespace FalServerless.Transport;

/// <summary>Speaks the protocol with one running host. Safe for any number of calls at once.</summary>
internal sealed class RuntimeClient : IDisposable
{
    // A message, and the names of as much missing content as any function has.
    private const int MaximumRefusal = 4 << 20;

    private static readonly MediaTypeHeaderValue MessageType = new(Routes.MessageMediaType);

    private readonly HttpMessageInvoker _http;
    private readonly Uri _invocations;
    private readonly Uri _base;
    private readonly AuthenticationHeaderValue _authorization;
    private readonly Func<string> _describeEnd;
    private readonly ConcurrentDictionary<ContentHash, bool> _known = new();

    private RuntimeClient(HttpMessageInvoker http, Uri address, string key, Func<string> describeEnd)
    {
        _http = http;
        _base = address;
        _invocations = new(address, Routes.Invocations);
        _authorization = new(Routes.KeyScheme, key);
        _describeEnd = describeEnd;
    }

    /// <summary>A client of a host on this machine.</summary>
    /// <param name="socket">The path of the gateway's socket.</param>
    /// <param name="key">The key that every request carries.</param>
    /// <param name="describeEnd">Says what became of the host, once it cannot be reached.</param>
    public static RuntimeClient OverSocket(string socket, string key, Func<string> describeEnd)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken).ConfigureAwait(false);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
        };
        return new(new HttpMessageInvoker(handler), new Uri("http://local"), key, describeEnd);
    }

    /// <summary>Whether the host has answered to this function before, so that its manifest need not go again.</summary>
    public bool Knows(ContentHash function) => _known.ContainsKey(function);

    public void Remember(ContentHash function) => _known.TryAdd(function, true);

    public void Forget(ContentHash function) => _known.TryRemove(function, out _);

    /// <summary>Posts a call. The stream of its events, or the refusal if the host does not run it.</summary>
    /// <exception cref="HostUnreachableException">The host does not answer.</exception>
    public async ValueTask<(EventReader? Events, Refusal? Refusal)> PostAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var response = await SendAsync(HttpMethod.Post, _invocations, new ReadOnlyMemoryContent(request), cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return (null, await ReadRefusalAsync(response, cancellationToken).ConfigureAwait(false));
        }

        return (new EventReader(response, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), _describeEnd), null);
    }

    /// <summary>Uploads a file under its hash.</summary>
    /// <returns>Null, or why the host does not take it.</returns>
    /// <exception cref="HostUnreachableException">The host does not answer.</exception>
    public async Task<Refusal?> UploadAsync(ContentHash hash, string path, CancellationToken cancellationToken)
    {
        using var file = File.OpenRead(path);
        var response = await SendAsync(HttpMethod.Put, new Uri(_base, Routes.Blob(hash)), new StreamContent(file), cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            response.Dispose();
            return null;
        }

        return await ReadRefusalAsync(response, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _http.Dispose();

    private async ValueTask<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, HttpContent content, CancellationToken cancellationToken)
    {
        content.Headers.ContentType = MessageType;
        var request = new HttpRequestMessage(method, address) { Content = content };
        request.Headers.Authorization = _authorization;
        try
        {
            return await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e, _describeEnd);
        }
    }

    internal static HostUnreachableException Unreachable(Exception cause, Func<string> describeEnd) =>
        new($"The host does not answer: {cause.GetBaseException().Message} {describeEnd()}", cause);

    private async Task<Refusal> ReadRefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            if (response.Content.Headers.ContentType?.MediaType != Routes.MessageMediaType)
            {
                return new() { Reason = RefusalReason.Host, Message = $"The host answered with HTTP status {(int)response.StatusCode} ({response.ReasonPhrase})." };
            }

            return RefusalCodec.Read(new(await ReadRefusalAsync(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false)));
        }
    }

    // Grows with what comes, never with the length that a header claims.
    private async Task<byte[]> ReadRefusalAsync(Stream stream, CancellationToken cancellationToken)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                bytes.Write(buffer, 0, count);
                if (bytes.Length > MaximumRefusal)
                {
                    throw new ProtocolException($"The host sent a refusal of more than {MaximumRefusal} bytes.");
                }
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw Unreachable(e, _describeEnd);
        }

        return bytes.ToArray();
    }
}
