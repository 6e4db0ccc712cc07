using FalServerless.Protocol.Http;
using FalServerless.Transport;

namespace FalServerless.Sync;

/// <summary>
/// Has a folder of <c>/data</c> become what a local one is: says what it shall become, and sends what the host lacks for that, until it
/// lacks nothing.
/// </summary>
internal sealed class FolderUpload(DataClient client, string remote, SyncOptions options, ProgressMeter progress)
{
    // What arrives may be taken by another upload of the same content before this one can use it, and files may change; not so often.
    private const int MaximumRounds = 20;

    // So much is sent in one request, so that no request lasts for long and small files do not each wait for an answer.
    private const int SmallFile = 256 << 10;
    private const int FilesInOneRequest = 512;
    private const long BytesInOneRequest = 16 << 20;
    private const long BytesOfLargeInOneRequest = 64 << 20;

    /// <returns>Where bodies find the folder.</returns>
    public async Task<string> RunAsync(string directory, HashCache cache, CancellationToken cancellationToken)
    {
        var entries = (
            await Task.Run(() => LocalTree.Read(directory, options.RespectGitIgnore, cancellationToken), cancellationToken)
                .ConfigureAwait(false)
        ).ToArray();
        var files = entries.Where(entry => entry.Kind == DataEntryKind.File).ToArray();
        progress.Begin(files.Length, files.Sum(file => file.Size));
        var hashes = new LocalHashes(cache, client.Runtime.Time);
        var isKnown = false;
        for (var (round, broken) = (1, 0); ; round++)
        {
            try
            {
                var manifest = new DataManifest
                {
                    Directory = remote,
                    Mirror = options.Mirror,
                    Entries = await hashes.ToManifestAsync(entries, options.Parallelism, cancellationToken).ConfigureAwait(false),
                };
                cache.Save(client.Runtime.Time.GetUtcNow());
                var answer = await client.PostManifestAsync(manifest, cancellationToken).ConfigureAwait(false);
                if (answer.Path is { } path)
                {
                    progress.Complete();
                    return path;
                }

                var contents = Outgoing(entries, manifest, answer.Missing);
                CountKnown(files, contents, ref isKnown);
                if (round > MaximumRounds)
                {
                    throw new SyncException(
                        $"The host still lacks contents of '{directory}' after {MaximumRounds} rounds. Do several uploads of the same "
                            + $"files run at once? Upload it again.",
                        directory
                    );
                }

                await SendAsync(contents, entries, hashes, cancellationToken).ConfigureAwait(false);
                broken = 0;
            }
            catch (ConnectionBrokenException e)
            {
                // What had arrived stays: the host's next answer says how much.
                cancellationToken.ThrowIfCancellationRequested();
                if (client.Runtime.HasEnded || e.IsSettled || broken == RepeatDelays.Count)
                {
                    throw client.Runtime.Unreachable(e);
                }

                await Task.Delay(RepeatDelays.Of(broken++), client.Runtime.Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static List<OutgoingContent> Outgoing(LocalEntry[] entries, DataManifest manifest, IReadOnlyList<MissingContent> missing)
    {
        var wanted = missing.ToDictionary(content => content.Content);
        return
        [
            .. manifest
                .Entries.Select((entry, index) => (entry.Kind, entry.Content, Local: entries[index]))
                .Where(file => file.Kind == DataEntryKind.File && wanted.ContainsKey(file.Content))
                .GroupBy(
                    file => file.Content,
                    (content, files) =>
                    {
                        var found = files.ToArray();
                        return new OutgoingContent(content, found[0].Local, found.Length)
                        {
                            Received = Math.Clamp(wanted[content].Received, 0, found[0].Local.Size),
                        };
                    }
                ),
        ];
    }

    // Once: what the host has from the beginning is done.
    private void CountKnown(LocalEntry[] files, List<OutgoingContent> contents, ref bool isKnown)
    {
        if (!isKnown)
        {
            isKnown = true;
            progress.AddDone(
                files.Length - contents.Sum(content => content.Files),
                files.Sum(file => file.Size) - contents.Sum(content => content.Files * content.Entry.Size)
            );
        }
    }

    private Task SendAsync(List<OutgoingContent> contents, LocalEntry[] entries, LocalHashes hashes, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken };
        var places = new Lazy<Dictionary<string, int>>(() =>
            Enumerable.Range(0, entries.Length).ToDictionary(index => entries[index].Path, StringComparer.Ordinal)
        );
        return Parallel.ForEachAsync(
            Requests(contents),
            parallel,
            async (request, cancellation) =>
            {
                try
                {
                    await SendAsync(request, cancellation).ConfigureAwait(false);
                }
                catch (LocalFileChangedException e)
                {
                    // The next round's manifest says what it has become.
                    lock (places)
                    {
                        entries[places.Value[e.Entry.Path]] = hashes.Look(e.Entry);
                    }
                }
            }
        );
    }

    private static IEnumerable<IReadOnlyList<OutgoingContent>> Requests(List<OutgoingContent> contents)
    {
        // The largest begin first, so that none is left alone at the end.
        foreach (var large in contents.Where(content => content.Entry.Size > SmallFile).OrderByDescending(content => content.Entry.Size))
        {
            yield return [large];
        }

        var (gathered, bytes) = (new List<OutgoingContent>(), 0L);
        foreach (var small in contents.Where(content => content.Entry.Size <= SmallFile))
        {
            gathered.Add(small);
            bytes += small.Entry.Size;
            if (gathered.Count == FilesInOneRequest || bytes >= BytesInOneRequest)
            {
                yield return gathered;
                (gathered, bytes) = ([], 0);
            }
        }

        if (gathered.Count > 0)
        {
            yield return gathered;
        }
    }

    private async Task SendAsync(IReadOnlyList<OutgoingContent> contents, CancellationToken cancellationToken)
    {
        if (contents is [{ Entry.Size: > SmallFile } large])
        {
            while (large.Received < large.Entry.Size)
            {
                var to = Math.Min(large.Entry.Size, large.Received + BytesOfLargeInOneRequest);
                await PostAsync(contents, to, cancellationToken).ConfigureAwait(false);
                large.Received = to;
            }
        }
        else
        {
            // One that is small is sent whole: the host checks it before it writes anything.
            foreach (var small in contents)
            {
                small.Received = 0;
            }

            await PostAsync(contents, long.MaxValue, cancellationToken).ConfigureAwait(false);
        }

        foreach (var content in contents)
        {
            progress.AddDone(content.Files, content.Entry.Size * (content.Files - 1));
        }
    }

    private async Task PostAsync(IReadOnlyList<OutgoingContent> contents, long to, CancellationToken cancellationToken)
    {
        using var pieces = new OutgoingPieces(contents, to, progress, cancellationToken);
        try
        {
            await client.PostPiecesAsync(pieces, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (pieces.Failure is not null)
        {
            throw pieces.Failure;
        }
        catch (SyncException e) when (contents.FirstOrDefault(IsChanged) is { } changed)
        {
            // The host was sent the hash of another content than the file has now.
            throw new LocalFileChangedException(changed.Entry, e);
        }
    }

    private static bool IsChanged(OutgoingContent content) => LocalTree.Look(content.Entry) is not { } now || !now.IsAs(content.Entry);
}
