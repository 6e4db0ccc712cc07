namespace FalServerless.Protocol.Http;

/// <summary>An environment of a host, at one moment.</summary>
internal sealed record EnvironmentRecord
{
    public required ContentHash Key { get; init; }

    /// <summary>Normalised.</summary>
    public IReadOnlyList<string> Requirements { get; init; } = [];

    /// <summary>Every package, the transitive ones too, and the version that was chosen.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Packages { get; init; } = [];

    /// <summary>What its files take.</summary>
    public long Bytes { get; init; }

    public DateTimeOffset Made { get; init; }

    public DateTimeOffset LastUsed { get; init; }

    /// <summary>Whether some host uses it, or is at work on it.</summary>
    public bool IsInUse { get; init; }
}
