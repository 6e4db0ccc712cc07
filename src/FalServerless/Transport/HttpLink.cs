using System.Net;
using FalServerless.Credentials;
using FalServerless.Internal;
using FalServerless.Protocol.Http;

namespace FalServerless.Transport;

/// <summary>The connection to a host by its address, with one key. Its connections are shared, and stay when it is gone.</summary>
internal sealed class HttpLink(HttpClient http, HostAddress address, ResolvedCredentials key, TimeProvider time)
    : HostLink(address, key.ToHeader(), time)
{
    // Over TLS the two sides agree on the version; without, there is nothing to agree by.
    private readonly Version _version = address.IsSecure ? HttpVersion.Version20 : HttpVersion.Version11;

    public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Version = _version;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public override HostUnreachableException Unreachable(ConnectionBrokenException broken) => UnreachableErrors.Describe(Address, broken);

    public override CredentialsException Refused(Refusal refusal) =>
        new(
            $"The host {Address} does not accept the key '{key.Credentials.KeyId}', which comes from {key.Origin}: {refusal.Message}",
            RefusalErrors.ProblemOf(refusal),
            key.Credentials.KeyId
        );
}
