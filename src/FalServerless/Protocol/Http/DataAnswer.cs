namespace FalServerless.Protocol.Http;

/// <summary>
/// What a host says to a <see cref="DataManifest"/>: either what content it lacks, and then nothing has changed, or that the folder is as
/// it shall be.
/// </summary>
internal sealed record DataAnswer
{
    /// <summary>Where bodies find the folder; null while content is missing.</summary>
    public string? Path { get; init; }

    public IReadOnlyList<MissingContent> Missing { get; init; } = [];

    /// <summary>How many entries were added or replaced.</summary>
    public long Written { get; init; }

    /// <summary>How many entries were removed.</summary>
    public long Removed { get; init; }
}
