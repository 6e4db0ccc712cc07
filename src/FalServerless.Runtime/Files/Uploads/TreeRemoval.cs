using FalServerless.Runtime.Files.Folders;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>Removes trees, whatever is in them.</summary>
internal static class TreeRemoval
{
    public static void Remove(Folder parent, string name)
    {
        if (parent.Stat(name) is not { } found)
        {
            return;
        }

        if (found.Kind != DataEntryKind.Directory)
        {
            parent.Delete(name);
            return;
        }

        // Of a folder that its owner may not change, what is in it could not be removed.
        if ((found.Mode & FolderModes.Changing) != FolderModes.Changing)
        {
            parent.SetMode(name, FolderModes.Changing);
        }

        using (var folder = parent.OpenFolder(name))
        {
            foreach (var child in folder.Names())
            {
                Remove(folder, child);
            }
        }

        parent.DeleteEmptyFolder(name);
    }
}
