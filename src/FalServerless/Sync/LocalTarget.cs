using FalServerless.Internal;

namespace FalServerless.Sync;

/// <summary>The local folder that a download fills. It is written through no link.</summary>
internal sealed class LocalTarget(string directory, bool isMirror)
{
    private const UnixFileMode AllModes = (UnixFileMode)0b111_111_111;

    public string PathOf(RemoteEntry entry) => Path.Combine([directory, .. entry.Path.Split('/')]);

    /// <summary>Makes the folders, and room for what is of another kind here.</summary>
    public void Prepare(IReadOnlyList<RemoteEntry> entries)
    {
        if (File.Exists(directory))
        {
            throw new IOException($"'{directory}' is a file. Name a folder to download to.");
        }

        Directory.CreateDirectory(directory);
        foreach (var entry in entries)
        {
            MakeRoom(entry);
            if (entry.Entry.Kind == DataEntryKind.Directory)
            {
                MakeFolder(PathOf(entry));
            }
        }
    }

    /// <summary>Whether the file is here already, by size and time.</summary>
    public bool Has(RemoteEntry entry)
    {
        var file = new FileInfo(PathOf(entry));
        if (!file.Exists || file.Length != entry.Entry.Size || file.LastWriteTimeUtc != entry.Entry.LastModified.UtcDateTime)
        {
            return false;
        }

        SetMode(file.FullName, entry.Entry.Mode);
        return true;
    }

    /// <summary>Gives a file that has come its time, its mode and its name.</summary>
    public void Place(RemoteEntry entry, string temporary)
    {
        File.SetLastWriteTimeUtc(temporary, entry.Entry.LastModified.UtcDateTime);
        SetMode(temporary, entry.Entry.Mode);
        File.Move(temporary, PathOf(entry), overwrite: true);
    }

    /// <summary>Makes the links, once nothing is written any more, and sets what would have been in the way before.</summary>
    public void Finish(IReadOnlyList<RemoteEntry> entries)
    {
        MakeLinks([.. entries.Where(entry => entry.Entry.Kind == DataEntryKind.Link)]);
        if (isMirror)
        {
            RemoveOthers(new(directory), "", entries.Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal));
        }

        foreach (var folder in entries.Where(entry => entry.Entry.Kind == DataEntryKind.Directory).Reverse())
        {
            SetMode(PathOf(folder), folder.Entry.Mode);
        }
    }

    private void MakeRoom(RemoteEntry entry)
    {
        var found = Find(PathOf(entry));
        if (found is null || Kind(found) == entry.Entry.Kind)
        {
            return;
        }

        if (found is DirectoryInfo folder && found.LinkTarget is null)
        {
            if (!isMirror && folder.EnumerateFileSystemInfos().Any())
            {
                throw new IOException($"'{found.FullName}' is a folder here and none on the host. Remove it, or download with Mirror.");
            }

            folder.Delete(recursive: true);
            return;
        }

        found.Delete();
    }

    private static void MakeFolder(string path)
    {
        Directory.CreateDirectory(path);

        // What is in a folder that its owner may not change could not be written.
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & PrivateFiles.OwnersFolder) != PrivateFiles.OwnersFolder)
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | PrivateFiles.OwnersFolder);
        }
    }

    private void MakeLinks(IReadOnlyList<RemoteEntry> links)
    {
        foreach (var link in links)
        {
            var path = PathOf(link);
            if (Find(path) is { } found)
            {
                if (found.LinkTarget == link.Entry.LinkTarget)
                {
                    continue;
                }

                found.Delete();
            }

            File.CreateSymbolicLink(path, link.Entry.LinkTarget!);
        }

        // Only all together show where each leads.
        foreach (var link in links.Where(link => LinkTargets.Within(directory, link.Path, link.Entry.LinkTarget!) is null).ToArray())
        {
            Find(PathOf(link))?.Delete();
            throw RemoteEntries.Refused(
                link.Entry,
                $"it is a link to '{link.Entry.LinkTarget}', which leads out of the folder by way of other links. It is left out."
            );
        }
    }

    private static void RemoveOthers(DirectoryInfo folder, string path, HashSet<string> wanted)
    {
        foreach (var info in folder.GetFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false }))
        {
            var entry = path.Length == 0 ? info.Name : $"{path}/{info.Name}";
            if (info is DirectoryInfo below && info.LinkTarget is null)
            {
                RemoveOthers(below, entry, wanted);
            }

            if (!wanted.Contains(entry))
            {
                info.Delete();
            }
        }
    }

    private static FileSystemInfo? Find(string path)
    {
        FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        return info.Exists || info.LinkTarget is not null ? info : null;
    }

    private static DataEntryKind Kind(FileSystemInfo info) =>
        info.LinkTarget is not null ? DataEntryKind.Link
        : info is DirectoryInfo ? DataEntryKind.Directory
        : DataEntryKind.File;

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode & AllModes);
        }
    }
}
