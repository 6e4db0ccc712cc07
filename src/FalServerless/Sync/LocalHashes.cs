using System.Collections.Concurrent;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;

namespace FalServerless.Sync;

/// <summary>The entries of a folder with their hashes. A file that changes while it is read is read again, a few times.</summary>
internal sealed class LocalHashes(HashCache cache, TimeProvider time)
{
    // How often one file may be found changed before the upload gives up.
    private const int MaximumChanges = 3;

    private readonly ConcurrentDictionary<string, int> _changes = new(StringComparer.Ordinal);

    // Beside the cache, which does not keep what is too young to be sure of in a later upload.
    private readonly ConcurrentDictionary<LocalEntry, ContentHash> _hashes = new();

    /// <exception cref="SyncException">A file cannot be read, or changes all the time.</exception>
    public async Task<ManifestEntry[]> ToManifestAsync(LocalEntry[] entries, int parallelism, CancellationToken cancellationToken)
    {
        var manifest = new ManifestEntry[entries.Length];
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Min(parallelism, Environment.ProcessorCount),
            CancellationToken = cancellationToken,
        };
        var unknown = new List<int>();
        for (var i = 0; i < entries.Length; i++)
        {
            var known = entries[i].Kind == DataEntryKind.File ? Find(entries[i]) : default(ContentHash);
            manifest[i] = ToManifest(entries[i], known ?? default);
            if (known is null)
            {
                unknown.Add(i);
            }
        }

        await Parallel
            .ForEachAsync(
                unknown,
                options,
                (i, cancellation) =>
                {
                    var content = Hash(ref entries[i], cancellation);
                    manifest[i] = ToManifest(entries[i], content);
                    return default;
                }
            )
            .ConfigureAwait(false);
        return manifest;
    }

    /// <summary>Looks again at a file that is not what it was.</summary>
    /// <exception cref="SyncException">It is gone, or changes all the time.</exception>
    public LocalEntry Look(LocalEntry entry)
    {
        if (LocalTree.Look(entry) is not { } now)
        {
            throw new SyncException(
                $"'{entry.FullPath}' was removed while it was uploaded. Nothing in /data has changed; upload again when the folder "
                    + $"is at rest.",
                entry.FullPath
            );
        }

        return _changes.AddOrUpdate(entry.Path, 1, static (_, count) => count + 1) <= MaximumChanges
            ? now
            : throw new SyncException(
                $"'{entry.FullPath}' is changed all the time while it is uploaded. Nothing in /data has changed; upload again when "
                    + "no program writes to it.",
                entry.FullPath
            );
    }

    private ContentHash? Find(LocalEntry entry) => _hashes.TryGetValue(entry, out var content) ? content : cache.Find(entry);

    private ContentHash Hash(ref LocalEntry entry, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var hashedAt = time.GetUtcNow();
                var content = LocalContent.Hash(entry, cancellationToken);
                cache.Add(entry, content, hashedAt);
                _hashes[entry] = content;
                return content;
            }
            catch (LocalFileChangedException)
            {
                entry = Look(entry);
            }
        }
    }

    private static ManifestEntry ToManifest(LocalEntry entry, ContentHash content) =>
        new()
        {
            Path = entry.Path,
            Kind = entry.Kind,
            Mode = entry.Mode,
            Size = entry.Size,
            Modified = entry.Modified,
            Content = content,
            Target = entry.Target,
        };
}
