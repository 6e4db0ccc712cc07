using FalServerless.Credentials;

namespace FalServerless.Tool.Auth;

/// <summary>Where the host of this user and its key are remembered, and what takes precedence over that.</summary>
internal static class AuthProfile
{
    public static string Path => ProfileFile.PathFor(Environment.GetEnvironmentVariable);

    /// <summary>The value of a variable; null for one that is empty.</summary>
    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>The variables that programs believe before the profile.</summary>
    public static IReadOnlyList<string> Stronger() =>
        [.. new[] { Variables.Host, Variables.Key, Variables.KeyId, Variables.KeySecret }.Where(name => Variable(name) is not null)];
}
