using FalServerless.Runtime.Files.Folders;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>Reads what is in a folder, and below it.</summary>
internal static class FolderScan
{
    public static void Read(Folder folder, Place place, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var name in folder.Names())
        {
            // What is gone again is passed over.
            if (folder.Stat(name) is not { } found)
            {
                continue;
            }

            var path = place.Path.Length == 0 ? name : $"{place.Path}/{name}";
            var child = new Place(path) { Found = found, FoundTarget = found.Kind == DataEntryKind.Link ? folder.ReadLink(name) : null };
            place.Add(child);
            if (child.IsFoundFolder)
            {
                using var below = folder.OpenFolder(name);
                Read(below, child, cancellationToken);
            }
        }
    }
}
