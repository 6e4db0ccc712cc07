using FalServerless.Runtime.Data.Folders;

namespace FalServerless.Runtime.Data.Uploads;

/// <summary>Brings over what bodies have put into the old tree after it was looked at and before the new one took its place.</summary>
internal static class LateArrivals
{
    public static void Move(Place place, Folder old, Folder now)
    {
        foreach (var name in old.Names())
        {
            if (old.Stat(name) is not { } found)
            {
                continue;
            }

            if (!place.Children.TryGetValue(name, out var known))
            {
                MoveNew(old, now, name);
            }
            else if (known.IsKeptFolder && found.Kind == DataEntryKind.Directory && now.Stat(name)?.Kind == DataEntryKind.Directory)
            {
                using var oldBelow = old.OpenFolder(name);
                using var below = now.OpenFolder(name);
                Changing(now, name, () => Move(known, oldBelow, below));
            }
            else if (known.Wanted is null && known.Found?.Inode != found.Inode)
            {
                // Replaced by another: it is the newer one. What the upload brings itself wins.
                TreeRemoval.Remove(now, name);
                MoveNew(old, now, name);
            }
        }
    }

    private static void MoveNew(Folder old, Folder now, string name)
    {
        if (now.Stat(name) is null)
        {
            old.Move(name, now, name);
        }
    }

    // A folder that its owner may not change is changed all the same, and is then as it was.
    private static void Changing(Folder parent, string name, Action change)
    {
        var mode = parent.Stat(name)!.Value.Mode;
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
