using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;

namespace FalServerless.Transport;

/// <summary>Speaks the protocol with one running host. Safe for any number of calls at once.</summary>
internal sealed class RuntimeClient : IDisposable
{
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

    /// <summary>Whether the host has certainly ended, so that another attempt is useless.</summary>
    public bool HasEnded => _link.HasEnded;

    /// <summary>A client of a host on this machine.</summary>
    /// <param name="socket">The path of the gateway's socket.</param>
    /// <param name="key">The key that every request carries.</param>
    /// <param name="describeEnd">Says what became of the host, once it cannot be reached.</param>
    /// <param name="hasEnded">Whether the host has ended; null where that is unknown.</param>
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
    /// accepted.
    /// </summary>
    /// <exception cref="ConnectionBrokenException">The connection broke before the host had answered.</exception>
    public async ValueTask<(EventReader? Events, Refusal? Refusal)> PostAsync(MessageContent request, CancellationToken cancellationToken)
    {
        var response = await SendAsync(HttpMethod.Post, Routes.Invocations, request, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                return (await EventReader.OpenAsync(response, cancellationToken).ConfigureAwait(false), null);
            case HttpStatusCode.Accepted:
                response.Dispose();
                return default;
            default:
                return (null, await ResponseBody.ReadRefusalAsync(response, cancellationToken).ConfigureAwait(false));
        }
    }

    /// <summary>Uploads a file under its hash.</summary>
    /// <exception cref="ConnectionBrokenException">The connection broke before the host had answered.</exception>
    /// <exception cref="FalServerlessException">The host does not take it.</exception>
    public async Task UploadAsync(ContentHash hash, string path, CancellationToken cancellationToken)
    {
        using var content = new FileContent(path);
        using var response = await RequestAsync(HttpMethod.Put, Routes.Blob(hash), content, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Tells the host that no caller waits for a call any more. Errors are not thrown: a host that is not
    /// notified cancels the call later by itself.
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

    /// <summary>Sends a request that the host is to accept, and waits for the head of its answer.</summary>
    /// <param name="method">The method.</param>
    /// <param name="route">The path and the query.</param>
    /// <param name="content">The body, if any.</param>
    /// <param name="prepare">Adds headers, where it is given.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ConnectionBrokenException">The connection broke before the host had answered.</exception>
    /// <exception cref="FalServerlessException">The host refuses the request.</exception>
    public async ValueTask<HttpResponseMessage> RequestAsync(
        HttpMethod method,
        string route,
        HttpContent? content = null,
        Action<HttpRequestHeaders>? prepare = null,
        CancellationToken cancellationToken = default
    )
    {
        var response = await SendAsync(method, route, content, prepare, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode
            ? response
            : throw Refused(await ResponseBody.ReadRefusalAsync(response, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Sends a request and waits for the head of the answer, whatever that says: every request to the host is sent here.</summary>
    /// <inheritdoc cref="RequestAsync"/>
    public async ValueTask<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string route,
        HttpContent? content = null,
        Action<HttpRequestHeaders>? prepare = null,
        CancellationToken cancellationToken = default
    )
    {
        var address = route == Routes.Invocations ? _invocations : _link.Address.Of(route);
        var request = new HttpRequestMessage(method, address) { Content = content };
        request.Headers.Authorization = _authorization;
        prepare?.Invoke(request.Headers);
        try
        {
            return await _link.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw Broken(e);
        }
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
        using var response = await SendAsync(HttpMethod.Delete, route, cancellationToken: cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.NotFound;
    }
}
