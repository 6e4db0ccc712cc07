using FalServerless.Internal;

namespace FalServerless.Credentials;

/// <summary>
/// Finds the key for a host that a program has not given: in the environment, then in the profile. A key is never taken for another host
/// than its own.
/// </summary>
/// <param name="variable">Gives the value of an environment variable.</param>
internal sealed class CredentialResolver(Func<string, string?> variable)
{
    public static CredentialResolver OfProcess { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary>The key for a host.</summary>
    /// <exception cref="CredentialsException">There is none, or what is configured is none.</exception>
    public ResolvedCredentials Find(HostAddress host)
    {
        var configured = FromVariables();
        if (configured is not null && IsFor(host))
        {
            return configured;
        }

        var path = ProfileFile.PathFor(variable);
        var profile = ProfileFile.Read(path);
        if (profile is not null && profile.Host == host)
        {
            return new(profile.Credentials, $"the profile '{path}'");
        }

        var elsewhere = configured is not null
            ? $"{configured.Origin} has the key of {Variables.Host}, which is {Value(Variables.Host)}, and is sent to no other host"
            : $"neither {Variables.Key} nor {Variables.KeyId} and {Variables.KeySecret} are set";
        var remembered = profile is null ? $"there is no profile '{path}'" : $"the profile '{path}' is of {profile.Host}";
        throw new CredentialsException(
            $"The host {host} needs a key, and there is none for it: no Credentials were given, {elsewhere}, and {remembered}. Set "
                + $"{Variables.Key}=id:secret, give Credentials, or run 'fal-serverless auth login'.",
            CredentialsProblem.Missing
        );
    }

    private ResolvedCredentials? FromVariables()
    {
        var pair = FromPair();
        if (Value(Variables.Key) is not { } text)
        {
            return pair;
        }

        var key = CloudKeyCredentials.Read(text, out var fault) ?? throw Unusable($"{Variables.Key} has no key: {fault}");
        return pair is null || pair.Credentials.Equals(key)
            ? new(key, Variables.Key)
            : throw Unusable(
                $"{Variables.Key} has another key than {Variables.KeyId} and {Variables.KeySecret}. Unset the one or the others."
            );
    }

    private ResolvedCredentials? FromPair() =>
        (Value(Variables.KeyId), Value(Variables.KeySecret)) switch
        {
            (null, null) => null,
            (null, _) => throw Unusable(
                $"{Variables.KeySecret} is set and {Variables.KeyId} is not: a key has both. Set {Variables.KeyId} too, or "
                    + $"{Variables.Key}=id:secret instead."
            ),
            (_, null) => throw Unusable(
                $"{Variables.KeyId} is set and {Variables.KeySecret} is not: a key has both. Set {Variables.KeySecret} too, or "
                    + $"{Variables.Key}=id:secret instead."
            ),
            var (id, secret) => new(
                CloudKeyCredentials.Read(id, secret, out var fault)
                    ?? throw Unusable($"{Variables.KeyId} and {Variables.KeySecret} have no key: {fault}"),
                $"{Variables.KeyId} and {Variables.KeySecret}"
            ),
        };

    // Of a host that the program names itself, while no other is configured, it is the key that was meant.
    private bool IsFor(HostAddress host) => Value(Variables.Host) is not { } text || HostAddress.Read(text, out _) == host;

    private string? Value(string name) => variable(name) is { Length: > 0 } value ? value : null;

    private static CredentialsException Unusable(string message) => new(message, CredentialsProblem.Unusable);
}
