namespace FalServerless.Protocol.Http;

/// <summary>What a folder of <c>/data</c> shall become.</summary>
internal sealed record DataManifest
{
    /// <summary>The folder, as <see cref="DataPath.Normalize"/> gives it.</summary>
    public required string Directory { get; init; }

    /// <summary>Whether what the folder has beyond the entries is removed.</summary>
    public bool Mirror { get; init; }

    /// <summary>Each folder precedes what is in it.</summary>
    public required IReadOnlyList<ManifestEntry> Entries { get; init; }
}
