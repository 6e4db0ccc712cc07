using FalServerless.Transport;

namespace FalServerless.Sync;

/// <summary>
/// Has a local folder become what one of <c>/data</c> is. The host is not trusted: nothing is written outside the folder.
/// </summary>
internal sealed class FolderDownload(DataClient client, string remote, string directory, SyncOptions options, ProgressMeter progress)
{
    // How often files may change on the host while they are downloaded.
    private const int MaximumRounds = 4;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var (round, broken) = (1, 0); ; round++)
        {
            try
            {
                await TryAsync(cancellationToken).ConfigureAwait(false);
                progress.Complete();
                return;
            }
            catch (RemoteFileChangedException) when (round < MaximumRounds)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
            catch (RemoteFileChangedException e)
            {
                throw new SyncException(
                    $"'{e.Path}' is changed all the time while it is downloaded. Download it again when no body writes to it.",
                    e.Path,
                    e
                );
            }
            catch (ConnectionBrokenException e)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (client.Runtime.HasEnded || e.IsSettled || broken == RepeatDelays.Count)
                {
                    throw client.Runtime.Unreachable(e);
                }

                await Task.Delay(RepeatDelays.Of(broken++), client.Runtime.Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        var (path, listed) = await client.ListAsync(remote, isRecursive: true, cancellationToken).ConfigureAwait(false);
        if (listed is [{ Kind: not DataEntryKind.Directory } only] && only.Path == path)
        {
            throw new SyncException($"'{path}' is no folder. Download the folder that it is in, '{path[..path.LastIndexOf('/')]}'.", path);
        }

        var entries = RemoteEntries.Check(path, listed);
        var files = entries.Where(entry => entry.Entry.Kind == DataEntryKind.File).ToArray();
        progress.Begin(files.Length, files.Sum(file => file.Entry.Size));
        var target = new LocalTarget(directory, options.Mirror);
        target.Prepare(entries);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken };
        await Parallel
            .ForEachAsync(
                files,
                parallel,
                async (file, cancellation) =>
                {
                    if (target.Has(file))
                    {
                        progress.AddDone(1, file.Entry.Size);
                        return;
                    }

                    await new FileDownload(client, file, target, progress).RunAsync(cancellation).ConfigureAwait(false);
                    progress.AddDone(1, 0);
                }
            )
            .ConfigureAwait(false);
        target.Finish(entries);
    }
}
