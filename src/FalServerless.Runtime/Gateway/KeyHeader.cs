using System.Buffers;
using FalServerless.Protocol.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>
/// Reads the header <c>Authorization: Key id:secret</c>; the scheme <c>Bearer</c>, which most HTTP clients know, means the same.
/// </summary>
internal static class KeyHeader
{
    public const string Bearer = "Bearer";

    /// <summary>What the answer to a request without a good key asks for.</summary>
    public const string Challenge = $"{Routes.KeyScheme}, {Bearer}";

    private const int LongestScheme = 32;

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-");

    /// <summary>Finds what follows the scheme.</summary>
    /// <param name="authorization">The header's value.</param>
    /// <param name="key">The key, trimmed.</param>
    /// <returns>Null, or why the header holds no key.</returns>
    public static Rejection? Read(string authorization, out ReadOnlySpan<char> key)
    {
        key = default;
        var text = authorization.AsSpan().Trim(' ');
        if (text.IsEmpty)
        {
            return Rejection.OfMissing;
        }

        var space = text.IndexOf(' ');
        var scheme = space < 0 ? text : text[..space];
        if (!IsKnown(scheme))
        {
            // A scheme is a word; whatever else is there may be a secret, and is not repeated.
            return Rejection.OfForm(
                space < 0 ? "it names no scheme before the key"
                : scheme.Length <= LongestScheme && !scheme.ContainsAnyExcept(Letters) ? $"'{scheme}' is not a scheme of this host"
                : "its scheme is not one of this host's"
            );
        }

        key = space < 0 ? default : text[(space + 1)..].Trim(' ');
        return key.IsEmpty ? Rejection.OfForm("it names no key behind the scheme") : null;
    }

    /// <summary>Finds id and secret.</summary>
    /// <returns>Null, or why the header does not hold both.</returns>
    public static Rejection? Read(string authorization, out ReadOnlySpan<char> id, out ReadOnlySpan<char> secret)
    {
        id = secret = default;
        if (Read(authorization, out var key) is { } rejection)
        {
            return rejection;
        }

        var colon = key.IndexOf(':');
        if (colon <= 0 || colon == key.Length - 1)
        {
            return Rejection.OfForm(
                colon < 0 ? "it has no colon between id and secret"
                : colon == 0 ? "it has no id before the colon"
                : "it has no secret behind the colon"
            );
        }

        id = key[..colon];
        secret = key[(colon + 1)..];
        return null;
    }

    private static bool IsKnown(ReadOnlySpan<char> scheme) =>
        scheme.Equals(Routes.KeyScheme, StringComparison.OrdinalIgnoreCase) || scheme.Equals(Bearer, StringComparison.OrdinalIgnoreCase);
}
