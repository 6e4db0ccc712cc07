namespace FalServerless.Protocol.Http;

/// <summary>One entry of a folder that is synced.</summary>
internal sealed record ManifestEntry
{
    /// <summary>Within the folder, with slashes.</summary>
    public required string Path { get; init; }

    public required DataEntryKind Kind { get; init; }

    /// <summary>Read, write and execute for owner, group and others; of a file or a folder.</summary>
    public UnixFileMode Mode { get; init; }

    /// <summary>Of a file, in bytes.</summary>
    public long Size { get; init; }

    /// <summary>Of a file, in UTC, in steps of 100 ns.</summary>
    public DateTime Modified { get; init; }

    /// <summary>Of a file.</summary>
    public ContentHash Content { get; init; }

    /// <summary>Of a link, relative to it.</summary>
    public string Target { get; init; } = "";
}
