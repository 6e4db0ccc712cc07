using FalServerless.Protocol;

namespace FalServerless.Runtime.Keys;

/// <summary>A key as its host knows it: of the secret only a hash, which is enough for a secret of 256 random bits.</summary>
internal sealed record HostKey
{
    public required string Id { get; init; }

    /// <summary>The SHA-256 of the secret's text.</summary>
    public required ContentHash SecretHash { get; init; }

    /// <summary>For people only.</summary>
    public string? Name { get; init; }

    public required KeyScope Scope { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>From when on it is not good any more; null is never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Null while it is good.</summary>
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>To the minute; null until it is used.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    public bool IsAdmin => Scope == KeyScope.Admin;

    /// <summary>In a word: <c>active</c>, <c>expired</c> or <c>revoked</c>.</summary>
    public string State(DateTimeOffset now) =>
        Revoked is not null ? "revoked"
        : Expires <= now ? "expired"
        : "active";

    /// <summary>A scope as the command line and the protocol write it.</summary>
    public static string Word(KeyScope scope) => scope == KeyScope.Admin ? "admin" : "invoke";
}
