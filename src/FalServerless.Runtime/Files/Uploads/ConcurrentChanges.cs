using FalServerless.Runtime.Files.Folders;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>
/// Brings over what bodies have put into the old tree after it was looked at, before the new one took its place and after.
/// </summary>
internal static class ConcurrentChanges
{
    // Each time only when a body put something there in the very moment.
    private const int MaximumAttempts = 100;

    public static void Move(Place place, Folder old, Folder now) => Each(old, name => MoveOne(place, old, now, name));

    /// <summary>
    /// Removes the old tree. A body that looked for the folder before it gave way may put something into it still: nothing is removed that
    /// the new tree does not have, and a folder is removed only when it is empty, which the kernel sees to.
    /// </summary>
    public static void Retire(Place place, Folder parent, string folder, Folder now)
    {
        if (parent.Stat(folder) is not { Mode: var mode })
        {
            return;
        }

        if ((mode & FolderModes.Changing) != FolderModes.Changing)
        {
            parent.SetMode(folder, mode | FolderModes.Changing);
        }

        for (var attempt = 1; ; attempt++)
        {
            using (var old = parent.OpenFolder(folder))
            {
                Each(old, name => RetireOne(place, old, now, name));
            }

            try
            {
                parent.DeleteEmptyFolder(folder);
                return;
            }
            catch (IOException) when (attempt < MaximumAttempts)
            {
                // It is not empty again.
            }
        }
    }

    // What a body removed or renamed meanwhile is skipped.
    private static void Each(Folder folder, Action<string> step)
    {
        foreach (var name in folder.Names())
        {
            try
            {
                step(name);
            }
            catch (IOException) { }
        }
    }

    private static void RetireOne(Place place, Folder old, Folder now, string name)
    {
        if (MoveOne(place, old, now, name, removes: true) || old.Stat(name) is null)
        {
            return;
        }

        TreeRemoval.Remove(old, name);
    }

    /// <returns>Whether nothing is left of it to remove.</returns>
    private static bool MoveOne(Place place, Folder old, Folder now, string name, bool removes = false)
    {
        if (old.Stat(name) is not { } found)
        {
            return true;
        }

        var there = now.Stat(name);
        var known = place.Children.GetValueOrDefault(name);
        if (known is null && there is null)
        {
            old.Move(name, now, name);
            return true;
        }

        if ((known is null || known.IsKeptFolder) && found.Kind == DataEntryKind.Directory && there?.Kind == DataEntryKind.Directory)
        {
            MoveBelow(known ?? new Place(name), old, now, name, removes);
            return true;
        }

        if (known is { Wanted: null } && known.Found?.Inode != found.Inode && (there is null || there.Value.Inode == known.Found?.Inode))
        {
            // Replaced by another: it is the newer one. What the upload brings itself wins.
            TreeRemoval.Remove(now, name);
            old.Move(name, now, name);
            return true;
        }

        return false;
    }

    private static void MoveBelow(Place place, Folder old, Folder now, string name, bool removes)
    {
        using var below = now.OpenFolder(name);
        Changing(
            now,
            name,
            () =>
            {
                if (removes)
                {
                    Retire(place, old, name, below);
                    return;
                }

                using var oldBelow = old.OpenFolder(name);
                Move(place, oldBelow, below);
            }
        );
    }

    // A folder that its owner may not change is changed all the same, and is then as it was.
    private static void Changing(Folder parent, string name, Action change)
    {
        if (parent.Stat(name) is not { Mode: var mode })
        {
            throw new DirectoryNotFoundException($"The folder '{name}' was removed or renamed meanwhile.");
        }

        if ((mode & FolderModes.Changing) == FolderModes.Changing)
        {
            change();
            return;
        }

        parent.SetMode(name, mode | FolderModes.Changing);
        change();
        parent.SetMode(name, mode);
    }
}
