namespace FalServerless;

/// <summary>A file, folder or link in a host's <c>/data</c>.</summary>
public sealed record DataEntry
{
    /// <summary>Where it is, from <c>/data/</c> on.</summary>
    public required string Path { get; init; }

    /// <summary>What it is.</summary>
    public required DataEntryKind Kind { get; init; }

    /// <summary>The bytes of a file; zero for anything else.</summary>
    public long Size { get; init; }

    /// <summary>
    /// When a file's content was last changed, as its file system keeps it; an upload keeps the times that the files had locally.
    /// </summary>
    public DateTimeOffset LastModified { get; init; }

    /// <summary>Who may do what with it.</summary>
    public UnixFileMode Mode { get; init; }

    /// <summary>Where a link points, as it was made; null for anything else.</summary>
    public string? LinkTarget { get; init; }
}
