using FalServerless.Protocol.Http;
using FalServerless.Runtime.Files.Folders;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>A name in a folder that is synced: what is there, what shall be, and where its content comes from.</summary>
internal sealed class Place(string path)
{
    private static readonly Dictionary<string, Place> NoChildren = [];

    private Dictionary<string, Place>? _children;

    /// <summary>Within the synced folder.</summary>
    public string Path => path;

    public string Name => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>What was found there; null where nothing was.</summary>
    public EntryStat? Found { get; set; }

    /// <summary>Of a link that was found.</summary>
    public string? FoundTarget { get; init; }

    /// <summary>What the manifest says; null where it says nothing.</summary>
    public ManifestEntry? Wanted { get; set; }

    public ContentSource Source { get; set; }

    /// <summary>For <see cref="ContentSource.Copy"/>: the place whose file has the content.</summary>
    public Place? Original { get; set; }

    /// <summary>What is in a folder, by name.</summary>
    public IReadOnlyDictionary<string, Place> Children => _children ?? NoChildren;

    public bool IsFoundFolder => Found?.Kind == DataEntryKind.Directory;

    /// <summary>Whether the folder stays one, so that what is in it is looked at one by one.</summary>
    public bool IsKeptFolder => IsFoundFolder && Wanted is null or { Kind: DataEntryKind.Directory };

    public void Add(Place child) => (_children ??= new(StringComparer.Ordinal)).Add(child.Name, child);
}
