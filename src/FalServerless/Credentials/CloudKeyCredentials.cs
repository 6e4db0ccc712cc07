using System.Diagnostics.CodeAnalysis;

namespace FalServerless;

/// <summary>
/// A key of a host: its id, which may be seen, and its secret, which is only sent to the host. Two are equal when both parts are.
/// <c>fal-serverless key create</c> makes one on the host.
/// </summary>
public sealed class CloudKeyCredentials : IEquatable<CloudKeyCredentials>
{
    // More than any host gives out, and little enough for a header.
    private const int LongestPart = 512;

    /// <summary>A key by its parts.</summary>
    /// <param name="keyId">The id: printable ASCII without spaces and colons.</param>
    /// <param name="keySecret">The secret: printable ASCII without spaces.</param>
    /// <exception cref="ArgumentException">A part is empty, has a character that no key has, or is longer than 512 characters. The message
    /// never has the secret.</exception>
    public CloudKeyCredentials(string keyId, string keySecret)
    {
        ArgumentNullException.ThrowIfNull(keyId);
        ArgumentNullException.ThrowIfNull(keySecret);
        KeyId = Fault(keyId, "id", allowsColon: false) is { } ofId ? throw new ArgumentException(ofId, nameof(keyId)) : keyId;
        Secret = Fault(keySecret, "secret", allowsColon: true) is { } ofSecret
            ? throw new ArgumentException(ofSecret, nameof(keySecret))
            : keySecret;
    }

    /// <summary>The key's id, by which the host and its administrators know it.</summary>
    public string KeyId { get; }

    internal string Secret { get; }

    /// <summary>Reads a key in the form <c>id:secret</c>, as <c>FAL_KEY</c> has it.</summary>
    /// <exception cref="ArgumentException">The text has another form. The message does not repeat it.</exception>
    public static CloudKeyCredentials Parse(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Read(key, out var fault) ?? throw new ArgumentException(fault, nameof(key));
    }

    /// <summary>The id; never the secret.</summary>
    public override string ToString() => KeyId;

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] CloudKeyCredentials? other) =>
        other is not null && KeyId == other.KeyId && Secret == other.Secret;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as CloudKeyCredentials);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(KeyId, Secret);

    /// <summary>A key in the form <c>id:secret</c>; or null, and what is wrong with the text.</summary>
    internal static CloudKeyCredentials? Read(string key, out string? fault)
    {
        var colon = key.IndexOf(':');
        if (colon < 0)
        {
            fault = "A key is written id:secret, and there is no colon.";
            return null;
        }

        return Read(key[..colon], key[(colon + 1)..], out fault);
    }

    /// <summary>A key by its parts; or null, and what is wrong with them.</summary>
    internal static CloudKeyCredentials? Read(string id, string secret, out string? fault)
    {
        fault = Fault(id, "id", allowsColon: false) ?? Fault(secret, "secret", allowsColon: true);
        return fault is null ? new(id, secret) : null;
    }

    // Says where, not what: a secret may have been given in place of an id.
    private static string? Fault(string value, string part, bool allowsColon)
    {
        if (value.Length is 0 or > LongestPart)
        {
            return value.Length == 0
                ? $"A key's {part} cannot be empty."
                : $"A key's {part} has at most {LongestPart} characters; this one has {value.Length}.";
        }

        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] is <= ' ' or > '~')
            {
                return $"A key's {part} has printable ASCII characters without spaces only; character {i + 1} of {value.Length} is "
                    + $"none. Was something else copied along?";
            }

            if (value[i] == ':' && !allowsColon)
            {
                return $"A key's {part} has no colon; character {i + 1} of {value.Length} is one. A key as a whole, id:secret, is "
                    + $"read by CloudKeyCredentials.Parse.";
            }
        }

        return null;
    }
}
