using FalServerless.Protocol.Http;
using FalServerless.Runtime.Files.Folders;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>
/// Has one folder become what a plan says: the new tree is made beside it, and takes its place in one step. Before that step nothing of the
/// folder is changed, and after it nothing fails any more.
/// </summary>
internal sealed class FolderCommit(
    DataManifest manifest,
    FolderPlan plan,
    Folder? current,
    DataTree tree,
    ContentInbox inbox,
    FolderIndex index
)
{
    private const string TreeName = "tree";

    /// <param name="trees">The folder of the trees that are being made.</param>
    /// <param name="cancellationToken">Ends it until the new tree takes its place, and never after.</param>
    /// <exception cref="FolderChangedException">The folder is not what the plan was made of any more.</exception>
    public void Run(Folder trees, CancellationToken cancellationToken)
    {
        var name = Guid.NewGuid().ToString("n");
        using var builder = new TreeBuilder(inbox, manifest.Mirror, current, cancellationToken);
        using var work = trees.MakeFolder(name);
        var mode = current?.Stat().Mode ?? FolderModes.Default;
        using var parent = Build(trees, name, work, builder, mode, cancellationToken);
        Attempt(() => BringOver(work, parent, builder));
        Attempt(() => parent.SetMode(DataTree.Name(manifest.Directory), mode));
        index.TryWrite(manifest.Directory, [.. plan.Kept, .. builder.Indexed]);

        // Before the old tree: as long as that is there, it shows that contents may be left too.
        Attempt(() => inbox.Remove(builder.Used));
        if (current is not null && !manifest.Mirror)
        {
            Attempt(() => Retire(work, parent));
            Attempt(() => trees.DeleteEmptyFolder(name));
        }
        else
        {
            Attempt(() => TreeRemoval.Remove(trees, name));
        }
    }

    private void Retire(Folder work, Folder parent)
    {
        using var now = parent.OpenFolder(DataTree.Name(manifest.Directory));
        ConcurrentChanges.Retire(plan.Top, work, TreeName, now);
    }

    private Folder Build(
        Folder trees,
        string name,
        Folder work,
        TreeBuilder builder,
        UnixFileMode mode,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using (var made = work.MakeFolder(TreeName))
            {
                builder.Build(plan.Top, current, made);
            }

            // A folder that its owner may not change cannot be moved either.
            work.SetMode(TreeName, mode | FolderModes.Changing);
            cancellationToken.ThrowIfCancellationRequested();
            return Swap(work);
        }
        catch
        {
            Attempt(() => TreeRemoval.Remove(trees, name));
            throw;
        }
    }

    private Folder Swap(Folder work)
    {
        var parent = tree.MakeParent(manifest.Directory);
        try
        {
            var name = DataTree.Name(manifest.Directory);
            var found = parent.Stat(name);
            if (found?.Inode != current?.Stat().Inode)
            {
                throw new FolderChangedException(manifest.Directory);
            }

            if (found is null)
            {
                work.Move(TreeName, parent, name);
            }
            else
            {
                if (!found.Value.Mode.HasFlag(UnixFileMode.UserWrite))
                {
                    parent.SetMode(name, found.Value.Mode | FolderModes.Changing);
                }

                work.Exchange(TreeName, parent, name);
            }

            return parent;
        }
        catch
        {
            parent.Dispose();
            throw;
        }
    }

    private void BringOver(Folder work, Folder parent, TreeBuilder builder)
    {
        using var now = parent.OpenFolder(DataTree.Name(manifest.Directory));
        if (current is not null && !manifest.Mirror)
        {
            using var old = work.OpenFolder(TreeName);
            ConcurrentChanges.Move(plan.Top, old, now);
        }

        foreach (var place in builder.Late)
        {
            using var folder = place.Path.Contains('/') ? FolderWalk.OpenFolder(now, DataTree.Parent(place.Path)) : null;
            var holder = folder ?? now;
            if (holder.Stat(place.Name) is { } file && file.IsAs(place.Found!.Value))
            {
                holder.SetModified(place.Name, place.Wanted!.Modified);
                holder.SetMode(place.Name, place.Wanted.Mode);
            }
        }
    }

    // The folder is what it shall be. What is left behind is removed with the next upload.
    private static void Attempt(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
    }
}
