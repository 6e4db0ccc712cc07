using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace FalServerless.Internal;

/// <summary>
/// The address of a host: scheme, machine, port, and the path below which it serves, if any. Equal ones are the same host.
/// </summary>
internal sealed record HostAddress
{
    private HostAddress(Uri uri)
    {
        Uri = uri;
        Text = uri.AbsoluteUri.TrimEnd('/');
    }

    private Uri Uri { get; }

    /// <summary>Without a slash at its end, so that the path of a request can follow.</summary>
    private string Text { get; }

    public bool IsSecure => Uri.Scheme == Uri.UriSchemeHttps;

    public string Machine => Uri.Host;

    public int Port => Uri.Port;

    /// <summary>Whether it is this machine, by a name or address that says so.</summary>
    public bool IsLoopback => Uri.IsLoopback;

    /// <summary>The address of what a path of the protocol names.</summary>
    public Uri Of(string path) => new(Text + path);

    public override string ToString() => Text;

    public bool Equals([NotNullWhen(true)] HostAddress? other) => other?.Text == Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>Reads an address.</summary>
    /// <param name="text">The address.</param>
    /// <param name="fault">What is wrong with it, where it is none.</param>
    public static HostAddress? Read(string text, out string? fault)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            fault =
                text.Contains("://", StringComparison.Ordinal)
                || text.Length == 0
                || !Uri.TryCreate("https://" + text, UriKind.Absolute, out var meant)
                    ? $"'{Safe(text)}' is not the address of a host: that is http or https, a name, and the port if need be, as in "
                        + $"'https://fal.example.org'."
                    : $"'{Safe(text)}' is not the address of a host: it begins with https:// or http://. Did you mean "
                        + $"'{(IsThisMachine(meant) ? "http" : "https")}://{Safe(text)}'?";
            return null;
        }

        return Read(uri, out fault);
    }

    /// <inheritdoc cref="Read(string, out string?)"/>
    public static HostAddress? Read(Uri uri, out string? fault)
    {
        fault =
            !uri.IsAbsoluteUri
                ? $"'{Safe(uri.OriginalString)}' is not the address of a host: it lacks its scheme and machine, as in "
                    + $"'https://fal.example.org'."
            : uri.Scheme is not ("http" or "https")
                ? $"'{Safe(uri.OriginalString)}' is not the address of a host: it begins with https:// or http://, not with {uri.Scheme}:."
            : uri.UserInfo.Length > 0
                ? $"The address of {uri.Host} has a user or password in it, which a host has no use for. Give the key as Credentials, "
                    + $"or as FAL_KEY."
            : uri.Query.Length > 0 || uri.Fragment.Length > 0
                ? $"'{Safe(uri.OriginalString)}' is not the address of a host: it ends with the path, without '?' or '#'."
            : uri.Host.Length == 0 ? $"'{Safe(uri.OriginalString)}' is not the address of a host: it names no machine."
            : null;
        return fault is null ? new(uri) : null;
    }

    private static bool IsThisMachine(Uri uri) => uri.IsLoopback || IPAddress.TryParse(uri.Host, out _);

    // What precedes an @ may be a password.
    private static string Safe(string text) => text.LastIndexOf('@') is >= 0 and var at ? "…" + text[at..] : text;
}
