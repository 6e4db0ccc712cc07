using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Files.Folders;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>What has to be done for a folder to become what a manifest says.</summary>
internal sealed class FolderPlan
{
    private readonly DataManifest _manifest;
    private readonly List<Place> _files = [];

    private FolderPlan(DataManifest manifest, Place top)
    {
        _manifest = manifest;
        Top = top;
    }

    public Place Top { get; }

    public IReadOnlyList<MissingContent> Missing { get; private set; } = [];

    /// <summary>What the files of the manifest that stay as they are hold.</summary>
    public List<KeyValuePair<string, IndexedFile>> Kept { get; } = [];

    /// <summary>Whether something was found out that the index did not know.</summary>
    public bool IsIndexOutdated { get; private set; }

    public long Written { get; private set; }

    public long Removed { get; private set; }

    /// <param name="manifest">What the folder shall become.</param>
    /// <param name="current">The folder; null where there is none yet.</param>
    /// <param name="index">What is known of the folder's files.</param>
    /// <param name="inbox">What has been uploaded.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DataException">An uploaded content is not as large as the manifest says.</exception>
    public static FolderPlan Make(
        DataManifest manifest,
        Folder? current,
        IReadOnlyDictionary<string, IndexedFile> index,
        ContentInbox inbox,
        CancellationToken cancellationToken
    )
    {
        var top = new Place("") { Found = current?.Stat() };
        if (current is not null)
        {
            FolderScan.Read(current, top, cancellationToken);
        }

        var plan = new FolderPlan(manifest, top);
        plan.Merge();
        plan.FindContents(current, index, inbox, cancellationToken);
        plan.Count(top, manifest.Mirror);
        return plan;
    }

    private void Merge()
    {
        var folders = new Dictionary<string, Place>(StringComparer.Ordinal) { [""] = Top };
        foreach (var entry in _manifest.Entries)
        {
            var parent = folders[entry.Path.LastIndexOf('/') is > 0 and var end ? entry.Path[..end] : ""];
            var name = DataTree.Name("/" + entry.Path);
            if (!parent.Children.TryGetValue(name, out var place))
            {
                parent.Add(place = new Place(entry.Path));
            }

            place.Wanted = entry;
            if (entry.Kind == DataEntryKind.Directory)
            {
                folders.Add(entry.Path, place);
            }
            else if (entry.Kind == DataEntryKind.File)
            {
                _files.Add(place);
            }
        }
    }

    private void FindContents(
        Folder? current,
        IReadOnlyDictionary<string, IndexedFile> index,
        ContentInbox inbox,
        CancellationToken cancellationToken
    )
    {
        var missing = new Dictionary<ContentHash, MissingContent>();
        Dictionary<ContentHash, Place>? known = null;
        foreach (var place in _files)
        {
            var wanted = place.Wanted!;
            if (IsKept(place, current, index, cancellationToken) is { } kept)
            {
                place.Source = ContentSource.Kept;
                Kept.Add(new(place.Path, new IndexedFile(kept.Size, wanted.Modified, kept.Inode, wanted.Content)));
                continue;
            }

            if (inbox.Find(wanted.Content) is { } size)
            {
                place.Source =
                    size == wanted.Size
                        ? ContentSource.Uploaded
                        : throw new DataException(
                            DataFault.Mismatch,
                            $"The content of '{DataPath.Printable(wanted.Path)}' has {size} bytes, not {wanted.Size}. Upload the "
                                + $"folder again.",
                            PathOf(wanted)
                        );
            }
            else if (
                (known ??= Known(Top, index, [])).TryGetValue(wanted.Content, out var original)
                && original.Found!.Value.Size == wanted.Size
            )
            {
                (place.Source, place.Original) = (ContentSource.Copy, original);
            }
            else
            {
                missing.TryAdd(wanted.Content, new(wanted.Content, inbox.Received(wanted.Content)));
            }
        }

        Missing = [.. missing.Values];
    }

    private string PathOf(ManifestEntry entry) => $"{_manifest.Directory}/{entry.Path}";

    private EntryStat? IsKept(
        Place place,
        Folder? current,
        IReadOnlyDictionary<string, IndexedFile> index,
        CancellationToken cancellationToken
    )
    {
        if (place.Found is not { Kind: DataEntryKind.File } found || found.Size != place.Wanted!.Size)
        {
            return null;
        }

        if (index.TryGetValue(place.Path, out var indexed) && indexed.IsOf(found))
        {
            return indexed.Content == place.Wanted.Content ? found : null;
        }

        // It may be the file all the same: put there by a body, or touched. To read it costs less than to send it.
        IsIndexOutdated = true;
        return Hash(current!, place, found, cancellationToken) == place.Wanted.Content ? found : null;
    }

    private static ContentHash? Hash(Folder current, Place place, in EntryStat found, CancellationToken cancellationToken)
    {
        try
        {
            using var file = FolderWalk.OpenFile(current, place.Path);
            var hash = ContentHashing.Of(file, cancellationToken);
            return current.Stat(file).IsAs(found) ? hash : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, or not for us to read: it is replaced.
            return null;
        }
    }

    private static Dictionary<ContentHash, Place> Known(
        Place place,
        IReadOnlyDictionary<string, IndexedFile> index,
        Dictionary<ContentHash, Place> known
    )
    {
        foreach (var child in place.Children.Values)
        {
            if (child.Found is { Kind: DataEntryKind.File } found && index.TryGetValue(child.Path, out var indexed) && indexed.IsOf(found))
            {
                known.TryAdd(indexed.Content, child);
            }

            Known(child, index, known);
        }

        return known;
    }

    private void Count(Place place, bool areOthersRemoved)
    {
        foreach (var child in place.Children.Values)
        {
            if (child.Wanted is { } wanted)
            {
                Written += IsAsWanted(child, wanted) ? 0 : 1;
            }
            else if (areOthersRemoved)
            {
                Removed++;
            }

            Count(child, areOthersRemoved || !child.IsKeptFolder);
        }
    }

    private static bool IsAsWanted(Place place, ManifestEntry wanted) =>
        place.Found is { } found
        && found.Kind == wanted.Kind
        && wanted.Kind switch
        {
            DataEntryKind.Link => place.FoundTarget == wanted.Target,
            DataEntryKind.Directory => HasMode(found, wanted),
            _ => place.Source == ContentSource.Kept && HasMode(found, wanted) && found.Modified == wanted.Modified,
        };

    private static bool HasMode(in EntryStat found, ManifestEntry wanted) => OperatingSystem.IsWindows() || found.Mode == wanted.Mode;
}
