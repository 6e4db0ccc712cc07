namespace FalServerless.Protocol.Http;

/// <summary>What a host tells a caller of the caller's own key.</summary>
internal sealed record KeyRecord
{
    public required string Id { get; init; }

    /// <summary>For people only; null for none.</summary>
    public string? Name { get; init; }

    /// <summary><c>invoke</c> or <c>admin</c>.</summary>
    public required string Scope { get; init; }

    /// <summary>Null where the host does not know, as the one that a program started for itself.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>From when on it is not good any more; null is never.</summary>
    public DateTimeOffset? Expires { get; init; }
}
