using FalServerless.Protocol.Http;
using FalServerless.Runtime.Files.Folders;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>Has folders become what clients say, one at a time over all hosts that share the data.</summary>
internal sealed class FolderUploads(DataFolders folders, DataTree tree, ContentInbox inbox, TimeProvider time) : IDisposable
{
    // Each time only when a body changed the folder in the very moment.
    private const int MaximumAttempts = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan CleaningInterval = TimeSpan.FromHours(1);

    private readonly FolderIndex _index = new(Path.Combine(folders.Uploads, "indexes"));
    private readonly string _trees = Directory.CreateDirectory(Path.Combine(folders.Uploads, "trees")).FullName;
    private readonly SemaphoreSlim _one = new(1);
    private DateTimeOffset _cleanAgain = DateTimeOffset.MinValue;

    /// <exception cref="DataException">An entry of another kind is there, or there is no room. Nothing has changed.</exception>
    public async Task<DataAnswer> ApplyAsync(DataManifest manifest, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await using var held = await HoldAsync(cancellationToken);

            // A thread of its own: a large folder takes a while, and calls go on meanwhile.
            return await Task.Factory.StartNew(
                () => Apply(manifest, cancellationToken),
                cancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<FileStream> HoldAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (FileLock.TryOpen(Path.Combine(folders.Uploads, "lock")) is { } held)
            {
                return held;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private DataAnswer Apply(DataManifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            using var trees = Folder.Open(_trees);
            Clean(trees);
            inbox.Packed.Refresh();
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return TryApply(manifest, trees, cancellationToken);
                }
                catch (Exception e)
                    when (attempt < MaximumAttempts && (e is FolderChangedException || (e is IOException && !DiskFull.Is(e))))
                {
                    // What a body removed or replaced since it was looked at fails in its own way.
                }
            }
        }
        catch (FolderChangedException e)
        {
            throw new DataException(
                DataFault.Conflict,
                $"'{manifest.Directory}' is changed by bodies all the time while it is uploaded: {e.Message} Upload it again when "
                    + $"they are done.",
                manifest.Directory,
                e
            );
        }
        catch (IOException e) when (DiskFull.Is(e))
        {
            throw DiskFull.ToDataException(e, folders.Uploads, manifest.Directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                DataFault.Conflict,
                $"The host cannot write '{manifest.Directory}': {e.Message} Nothing in it has changed.",
                manifest.Directory,
                e
            );
        }
    }

    private DataAnswer TryApply(DataManifest manifest, Folder trees, CancellationToken cancellationToken)
    {
        using var current = tree.TryOpen(manifest.Directory);
        var plan = FolderPlan.Make(manifest, current, _index.Read(manifest.Directory), inbox, cancellationToken);
        if (plan.Missing.Count > 0)
        {
            return new() { Missing = plan.Missing };
        }

        if (plan.Written > 0 || plan.Removed > 0 || current is null)
        {
            new FolderCommit(manifest, plan, current, tree, inbox, _index).Run(trees, cancellationToken);
        }
        else if (plan.IsIndexOutdated)
        {
            _index.TryWrite(manifest.Directory, plan.Kept);
        }

        return new()
        {
            Path = manifest.Directory,
            Written = plan.Written,
            Removed = plan.Removed,
        };
    }

    // Trees are there only while one is made, and no other is made now: these are a killed host's.
    private void Clean(Folder trees)
    {
        var left = trees.Names();
        if (left.Count == 0 && time.GetUtcNow() < _cleanAgain)
        {
            return;
        }

        foreach (var name in left)
        {
            TreeRemoval.Remove(trees, name);
        }

        inbox.Clean(time.GetUtcNow());
        _cleanAgain = time.GetUtcNow() + CleaningInterval;
    }
}
