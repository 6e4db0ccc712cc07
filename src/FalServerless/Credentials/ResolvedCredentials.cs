namespace FalServerless.Credentials;

/// <summary>The key for a host.</summary>
/// <param name="Credentials">The key.</param>
/// <param name="Origin">Where it was found, in words for an error: <c>FAL_KEY</c>, <c>the profile '…'</c>.</param>
internal sealed record ResolvedCredentials(CloudKeyCredentials Credentials, string Origin)
{
    /// <summary>For the header of requests, and for nothing that anybody reads.</summary>
    public string ToHeader() => $"{Credentials.KeyId}:{Credentials.Secret}";
}
