using FalServerless.Protocol;
using FalServerless.Protocol.Http;

namespace FalServerless.Sync;

/// <summary>Reads a local folder as it is to be uploaded.</summary>
internal static class LocalTree
{
    // What files and folders count as where the system has no modes.
    private const UnixFileMode FileMode = (UnixFileMode)0b110_100_100;
    private const UnixFileMode FolderMode = (UnixFileMode)0b111_101_101;
    private const UnixFileMode AllModes = (UnixFileMode)0b111_111_111;
    private const string Git = ".git";

    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
        RecurseSubdirectories = false,
    };

    /// <summary>All entries, each folder before what is in it.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="SyncException">An entry cannot be uploaded.</exception>
    public static IReadOnlyList<LocalEntry> Read(string directory, bool respectsGitIgnore, CancellationToken cancellationToken)
    {
        Require(directory);
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        var entries = new List<LocalEntry>();
        Read(new(root), "", respectsGitIgnore ? GitIgnore.None : null, root, entries, cancellationToken);
        return entries;
    }

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static void Require(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException(
                File.Exists(directory)
                    ? $"'{directory}' is a file. Upload the folder that it is in, or a folder with it alone."
                    : $"There is no folder '{directory}' to upload. The path is "
                        + $"{(Path.IsPathFullyQualified(directory) ? "absolute" : $"looked for from '{Environment.CurrentDirectory}'")}."
            );
        }
    }

    /// <summary>What the entry is now; null when it is gone.</summary>
    public static LocalEntry? Look(LocalEntry entry)
    {
        var file = new FileInfo(entry.FullPath);
        return file.Exists && file.LinkTarget is null
            ? entry with
            {
                Size = file.Length,
                Modified = file.LastWriteTimeUtc,
                Mode = ModeOf(file, FileMode),
            }
            : null;
    }

    private static void Read(
        DirectoryInfo folder,
        string path,
        GitIgnore? ignore,
        string root,
        List<LocalEntry> entries,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        FileSystemInfo[] found;
        try
        {
            found = folder.GetFileSystemInfos("*", Everything);
            ignore = ignore?.Enter(folder.FullName, path);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new SyncException($"The folder '{folder.FullName}' cannot be read: {e.Message} Nothing is uploaded.", folder.FullName, e);
        }

        Array.Sort(found, static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        foreach (var info in found)
        {
            var entryPath = path.Length == 0 ? info.Name : $"{path}/{info.Name}";
            var entry = ToEntry(info, entryPath);
            if (ignore is not null && (info.Name == Git || ignore.Excludes(entryPath, entry.Kind == DataEntryKind.Directory)))
            {
                continue;
            }

            if (entries.Count == ProtocolLimits.MaximumDataEntries)
            {
                throw new SyncException(
                    $"'{root}' has more than {ProtocolLimits.MaximumDataEntries} entries, the most that one upload takes. Upload its "
                        + $"folders one by one.",
                    root
                );
            }

            entries.Add(Accept(entry, root));
            if (entry.Kind == DataEntryKind.Directory)
            {
                Read((DirectoryInfo)info, entryPath, ignore, root, entries, cancellationToken);
            }
        }
    }

    private static LocalEntry ToEntry(FileSystemInfo info, string path)
    {
        if (info.Name.Contains('\uFFFD') && !info.Exists)
        {
            throw new SyncException($"The name of '{info.FullName}' is no valid UTF-8. Rename it to upload it.", info.FullName);
        }

        var entry = new LocalEntry
        {
            Path = path,
            FullPath = info.FullName,
            Kind = DataEntryKind.File,
            Modified = info.LastWriteTimeUtc,
        };
        if (info.Attributes.HasFlag(FileAttributes.ReparsePoint) && info.LinkTarget is { } target)
        {
            return entry with { Kind = DataEntryKind.Link, Target = target };
        }

        return info is DirectoryInfo
            ? entry with
            {
                Kind = DataEntryKind.Directory,
                Mode = ModeOf(info, FolderMode),
            }
            : entry with
            {
                Size = ((FileInfo)info).Length,
                Mode = ModeOf(info, FileMode),
            };
    }

    /// <summary>The entry as it is uploaded.</summary>
    private static LocalEntry Accept(LocalEntry entry, string root)
    {
        if (DataPath.EntryError(entry.Path) is { } error)
        {
            throw new SyncException($"'{entry.FullPath}' cannot be uploaded: {error}", entry.FullPath);
        }

        if (entry.Kind == DataEntryKind.Link)
        {
            return LinkTargets.Within(root, entry.Path, entry.Target) is { } target
                ? entry with
                {
                    Target = target,
                }
                : throw new SyncException(
                    $"The link '{entry.FullPath}' to '{entry.Target}' leads out of '{root}', where the host has nothing. Upload what "
                        + $"it points to, or remove the link.",
                    entry.FullPath
                );
        }

        if (entry is { Kind: DataEntryKind.File, Size: 0 } && SpecialFiles.Is(entry.FullPath))
        {
            throw new SyncException(
                $"'{entry.FullPath}' is a pipe, a socket or a device, which has no content to upload. Remove it, or have "
                    + $".gitignore name it.",
                entry.FullPath
            );
        }

        return entry;
    }

    private static UnixFileMode ModeOf(FileSystemInfo info, UnixFileMode otherwise) =>
        OperatingSystem.IsWindows() ? otherwise : info.UnixFileMode & AllModes;
}
