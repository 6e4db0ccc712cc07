using FalServerless.Protocol.Http;

namespace FalServerless.Sync;

/// <summary>Sees that what a host lists can be kept here, and stays within the folder.</summary>
internal static class RemoteEntries
{
    /// <exception cref="SyncException">An entry cannot be kept here.</exception>
    public static IReadOnlyList<RemoteEntry> Check(string folder, IReadOnlyList<DataEntry> listed)
    {
        var kinds = new Dictionary<string, DataEntryKind>(StringComparer.Ordinal) { [""] = DataEntryKind.Directory };
        var entries = new List<RemoteEntry>(listed.Count);
        foreach (var entry in listed)
        {
            var path = entry.Path.StartsWith(folder + '/', StringComparison.Ordinal)
                ? entry.Path[(folder.Length + 1)..]
                : throw Refused(entry, $"it is not in '{folder}'.");
            var end = path.LastIndexOf('/');
            if (
                !kinds.TryGetValue(end < 0 ? "" : path[..end], out var parent)
                || parent != DataEntryKind.Directory
                || !kinds.TryAdd(path, entry.Kind)
            )
            {
                throw Refused(entry, "it is twice in the host's listing, or in no folder.");
            }

            if (path[(end + 1)..].AsSpan().ContainsAny(Path.GetInvalidFileNameChars()))
            {
                throw Refused(entry, "this system has no such names.");
            }

            if (entry.Kind == DataEntryKind.Link && DataPath.TargetError(path, entry.LinkTarget ?? "") is { } error)
            {
                throw Refused(entry, $"it is a link to '{DataPath.Printable(entry.LinkTarget ?? "")}': {error}");
            }

            entries.Add(new(path, entry));
        }

        return entries;
    }

    public static SyncException Refused(DataEntry entry, string why) =>
        new($"'{DataPath.Printable(entry.Path)}' cannot be downloaded: {why}", entry.Path);
}
