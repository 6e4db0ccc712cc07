using FalServerless.Credentials;
using FalServerless.Internal;

namespace FalServerless.Hosts;

/// <summary>Finds the host that is configured: by a variable, else by the profile.</summary>
/// <param name="variable">Gives the value of an environment variable.</param>
internal sealed class HostResolver(Func<string, string?> variable)
{
    public static HostResolver OfProcess { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary>The configured host; null where none is.</summary>
    /// <exception cref="HostUnreachableException">What is configured is no address.</exception>
    /// <exception cref="CredentialsException">The profile cannot be used.</exception>
    public HostAddress? Find()
    {
        if (variable(Variables.Host) is { Length: > 0 } text)
        {
            return HostAddress.Read(text, out var fault)
                ?? throw new HostUnreachableException($"{Variables.Host} names no host: {fault}", HostUnreachableCause.NotConfigured);
        }

        // Without a profile, which is how most programs start, nothing of its reading is loaded.
        var path = ProfileFile.PathFor(variable);
        if (File.Exists(path))
        {
            return ProfileFile.Read(path)?.Host;
        }

        return variable(Variables.Profile) is { Length: > 0 } named
            ? throw new HostUnreachableException(
                $"{Variables.Profile} names '{named}', and there is no such file. Correct it, or run 'fal-serverless auth login' "
                    + $"to write it.",
                HostUnreachableCause.NotConfigured
            )
            : null;
    }

    /// <summary>The configured host, which there must be.</summary>
    /// <exception cref="HostUnreachableException">None is configured.</exception>
    /// <exception cref="CredentialsException">The profile cannot be used.</exception>
    public HostAddress Require() =>
        Find()
        ?? throw new HostUnreachableException(
            $"No host is configured for FalHost.Cloud: {Variables.Host} is not set, and there is no profile "
                + $"'{ProfileFile.PathFor(variable)}'. Set {Variables.Host} to the host's address and {Variables.Key}=id:secret to a "
                + $"key of it, run 'fal-serverless auth login', or name a host by FalHost.At.",
            HostUnreachableCause.NotConfigured
        );
}
