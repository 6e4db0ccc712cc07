namespace FalServerless.Sync;

/// <summary>A file, folder or link below a local folder.</summary>
internal sealed record LocalEntry
{
    /// <summary>Within the folder, with slashes.</summary>
    public required string Path { get; init; }

    public required string FullPath { get; init; }

    public required DataEntryKind Kind { get; init; }

    public UnixFileMode Mode { get; init; }

    /// <summary>Of a file, in bytes.</summary>
    public long Size { get; init; }

    /// <summary>In UTC.</summary>
    public DateTime Modified { get; init; }

    /// <summary>Of a link, relative to it.</summary>
    public string Target { get; init; } = "";

    /// <summary>Whether it is the same file with the same content, as far as can be seen without reading it.</summary>
    public bool IsAs(LocalEntry other) => Kind == other.Kind && Size == other.Size && Modified == other.Modified;
}
