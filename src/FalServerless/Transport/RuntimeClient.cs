using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;

namespace FalServerless.Transport;

/// <summary>Speaks the protocol with one running host. Safe for any number of calls at once.</summary>
internal sealed class RuntimeClient : IDisposable
{
    // A message, and the names of as much missing content as any function has.
    private const int MaximumRefusal = 4 << 20;

    // In all, for telling the host of a cancelled call.
    private static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(5);

    private readonly HostLink _link;
    private readonly Uri _invocations;
    private readonly AuthenticationHeaderValue _authorization;
    private readonly ConcurrentDictionary<ContentHash, bool> _known = new();

    public RuntimeClient(HostLink link)
    {
        _link = link;
        _invocations = link.Address.Of(Routes.Invocations);
        _authorization = new(Routes.KeyScheme, link.Key);
    }

    /// <summary>How time passes between this client and its host.</summary>
    public TimeProvider Time => _link.Time;

    /// <summary>Whether it is certain that the host is gone for good, so that asking again is useless.</summary>
    public bool HasEnded => _link.HasEnded;

    /// <summary>A client of a host on this machine.</summary>
    /// <param name="socket">The path of the gateway's socket.</param>
    /// <param name="key">The key that every request carries.</param>
    /// <param name="describeEnd">Says what became of the host, once it cannot be reached.</param>
    /// <param name="hasEnded">Whether the host is gone for good; null where nobody knows.</param>
    /// <param name="time">The clock; null is the system's.</param>
    public static RuntimeClient OverSocket(
        string socket,
        string key,
        Func<string> describeEnd,
        Func<bool>? hasEnded = null,
        TimeProvider? time = null
    ) => new(new SocketLink(socket, key, describeEnd, hasEnded ?? (static () => false), time ?? TimeProvider.System));

    /// <summary>Whether the host has answered to this function before, so that its manifest need not go again.</summary>
    public bool Knows(ContentHash function) => _known.ContainsKey(function);

    public void Remember(ContentHash function) => _known.TryAdd(function, true);

    public void Forget(ContentHash function) => _known.TryRemove(function, out _);

    /// <summary>
    /// Posts a call. The stream of its events, or the refusal if the host does not run it; neither for a detached call that the host has
    /// taken in.
    /// </summary>
    /// <exception cref="ConnectionBrokenException">The connection broke before the host had answered.</exception>
    public async ValueTask<(EventReader? Events, Refusal? Refusal)> PostAsync(RequestContent request, CancellationToken cancellationToken)
    {
        var response = await SendAsync(HttpMethod.Post, _invocations, request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Accepted)
        {
            response.Dispose();
            return default;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return (null, await ReadRefusalAsync(response, cancellationToken).ConfigureAwait(false));
        }

        return (new EventReader(response, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false)), null);
    }

    /// <summary>Uploads a file under its hash.</summary>
    /// <returns>Null, or why the host does not take it.</returns>
    /// <exception cref="ConnectionBrokenException">The connection broke before the host had answered.</exception>
    public async Task<Refusal?> UploadAsync(ContentHash hash, string path, CancellationToken cancellationToken)
    {
        using var content = new FileContent(path);
        var response = await SendAsync(HttpMethod.Put, _link.Address.Of(Routes.Blob(hash)), content, cancellationToken)
            .ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            response.Dispose();
            return null;
        }

        return await ReadRefusalAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Tells the host that nobody waits for a call any more. What goes wrong is of no use to anybody, and is not thrown: a host that is not
    /// told cancels the call later by itself.
    /// </summary>
    /// <param name="call">The call's id.</param>
    /// <param name="isOnItsWay">Whether the request may still be on its way to the host, which then does not know the call yet.</param>
    /// <param name="isLeaving">Whether its events are read on, until its body has ended.</param>
    public async Task CancelAsync(Guid call, bool isOnItsWay, bool isLeaving = false)
    {
        try
        {
            using var limit = new CancellationTokenSource(CancelLimit, Time);
            var attempts = isOnItsWay ? RepeatDelays.Count : 0;
            for (var i = 0; await IsUnknownAsync(call, isLeaving, limit.Token).ConfigureAwait(false) && i < attempts; i++)
            {
                await Task.Delay(RepeatDelays.Of(i), Time, limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The host is gone or does not answer.
        }
    }

    /// <summary>Sends a request and waits for the head of the answer.</summary>
    /// <param name="method">The method.</param>
    /// <param name="address">The path and the query.</param>
    /// <param name="content">The body, if any.</param>
    /// <param name="prepare">Adds headers, where it is given.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ConnectionBrokenException">The connection broke before the host had answered.</exception>
    internal ValueTask<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string address,
        HttpContent? content,
        Action<HttpRequestHeaders>? prepare,
        CancellationToken cancellationToken
    )
    {
        var request = new HttpRequestMessage(method, _link.Address.Of(address)) { Content = content };
        prepare?.Invoke(request.Headers);
        return SendAsync(request, cancellationToken);
    }

    public void Dispose() => _link.Dispose();

    /// <summary>Says that the host cannot be reached, and what became of it.</summary>
    public HostUnreachableException Unreachable(ConnectionBrokenException cause) => _link.Unreachable(cause);

    /// <summary>The error that a refusal becomes.</summary>
    public Exception Refused(Refusal refusal) =>
        refusal.Reason == RefusalReason.Credentials ? _link.Refused(refusal) : RefusalErrors.ToException(refusal);

    internal static ConnectionBrokenException Broken(Exception cause) =>
        new(cause.GetBaseException().Message, cause, ConnectionFailures.CauseOf(cause));

    private async ValueTask<bool> IsUnknownAsync(Guid call, bool isLeaving, CancellationToken cancellationToken)
    {
        var route = Routes.Invocation(call) + (isLeaving ? $"?{Routes.LeavingQuery}=true" : "");
        using var response = await SendAsync(HttpMethod.Delete, _link.Address.Of(route), null, cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.NotFound;
    }

    private ValueTask<HttpResponseMessage> SendAsync(
        HttpMethod method,
        Uri address,
        HttpContent? content,
        CancellationToken cancellationToken
    ) => SendAsync(new HttpRequestMessage(method, address) { Content = content }, cancellationToken);

    private async ValueTask<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = _authorization;
        try
        {
            return await _link.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw Broken(e);
        }
    }

    internal static async Task<Refusal> ReadRefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            if (response.Content.Headers.ContentType?.MediaType != Routes.MessageMediaType)
            {
                // What stands before the host may ask for credentials of its own.
                var reason = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                    ? RefusalReason.Credentials
                    : RefusalReason.Host;
                var from = response.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Authority);
                return new()
                {
                    Reason = reason,
                    Message =
                        $"HTTP status {(int)response.StatusCode} ({response.ReasonPhrase}) came from {from}, without a word of a "
                        + $"FalServerless host. Is it the address of one, and did a proxy before it answer in its place?",
                };
            }

            return RefusalCodec.Read(
                new(
                    await ReadRefusalAsync(
                            await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false),
                            cancellationToken
                        )
                        .ConfigureAwait(false)
                )
            );
        }
    }

    // Grows with what comes, never with the length that a header claims.
    private static async Task<byte[]> ReadRefusalAsync(Stream stream, CancellationToken cancellationToken)
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
            throw Broken(e);
        }

        return bytes.ToArray();
    }
}
