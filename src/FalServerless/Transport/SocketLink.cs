using System.Net.Sockets;
using FalServerless.Internal;
using FalServerless.Protocol.Http;

namespace FalServerless.Transport;

/// <summary>The connection to a host on this machine: a socket, and nothing that retries or takes time to load.</summary>
internal sealed class SocketLink : HostLink
{
    private static readonly HostAddress Local = HostAddress.Read("http://local", out _)!;

    private readonly HttpMessageInvoker _http;
    private readonly Func<string> _describeEnd;
    private readonly Func<bool> _hasEnded;

    /// <param name="socket">The path of the gateway's socket.</param>
    /// <param name="key">The key that every request carries.</param>
    /// <param name="describeEnd">Says what became of the host, once it cannot be reached.</param>
    /// <param name="hasEnded">Whether the host has ended.</param>
    /// <param name="time">The clock.</param>
    public SocketLink(string socket, string key, Func<string> describeEnd, Func<bool> hasEnded, TimeProvider time)
        : base(Local, key, time)
    {
        _describeEnd = describeEnd;
        _hasEnded = hasEnded;
        _http = new(
            new SocketsHttpHandler
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
            }
        );
    }

    public override bool HasEnded => _hasEnded();

    public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http.SendAsync(request, cancellationToken);

    public override HostUnreachableException Unreachable(ConnectionBrokenException broken)
    {
        var message = $"{(broken.InnerException is null ? "" : "The host does not answer: ")}{broken.Message} {_describeEnd()}";
        return new(message, HasEnded ? HostUnreachableCause.Ended : broken.Why, broken);
    }

    public override CredentialsException Refused(Refusal refusal) => new(refusal.Message, RefusalErrors.ProblemOf(refusal));

    public override void Dispose() => _http.Dispose();
}
