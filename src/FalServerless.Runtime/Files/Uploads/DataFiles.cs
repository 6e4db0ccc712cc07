using FalServerless.Protocol.Http;
using FalServerless.Runtime.Files.Folders;
using Microsoft.Win32.SafeHandles;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>Shows what is in <c>/data</c>.</summary>
internal sealed class DataFiles(DataTree tree)
{
    /// <summary>
    /// What is in a folder, each folder before what is in it; of anything else, that alone. What cannot be named in Unicode is left out, as
    /// is what is no file, folder or link.
    /// </summary>
    /// <exception cref="DataException">Nothing is at the path, or a file or a link on the way to it.</exception>
    public IEnumerable<DataEntry> List(string path, bool isRecursive)
    {
        var entry =
            path == DataPath.Root
                ? new(DataEntryKind.Directory, default, 0, default, default, 0, 0)
                : tree.Stat(path) ?? throw NotFound(path);
        if (entry.Kind == DataEntryKind.Directory)
        {
            return List(tree.TryOpen(path) ?? throw NotFound(path), path, isRecursive);
        }

        using var parent = tree.TryOpen(DataTree.Parent(path)) ?? throw NotFound(path);
        return ToEntry(parent, path, DataTree.Name(path)) is { } only ? [only] : throw NotFound(path);
    }

    /// <summary>Opens a file to read it.</summary>
    /// <exception cref="DataException">There is none, or a file or a link is on the way to it.</exception>
    public (SafeFileHandle File, EntryStat Stat) Open(string path)
    {
        using var parent = tree.TryOpen(DataTree.Parent(path)) ?? throw NotFound(path);
        switch (parent.Stat(DataTree.Name(path)))
        {
            case null:
                throw NotFound(path);
            case not { Kind: DataEntryKind.File }:
                throw new DataException(
                    DataFault.Conflict,
                    $"'{DataPath.Printable(path)}' is no file. Only files have content to download.",
                    path
                );
        }

        var file = parent.OpenFile(DataTree.Name(path));
        var stat = parent.Stat(file);
        if (stat.Kind == DataEntryKind.File)
        {
            return (file, stat);
        }

        file.Dispose();
        throw NotFound(path);
    }

    /// <summary>What an open file is now.</summary>
    public EntryStat Stat(SafeFileHandle file)
    {
        using var top = tree.OpenTop();
        return top.Stat(file);
    }

    private static IEnumerable<DataEntry> List(Folder folder, string path, bool isRecursive)
    {
        using (folder)
        {
            foreach (var name in folder.Names().Where(FileNames.IsText).Order(StringComparer.Ordinal))
            {
                if (ToEntry(folder, $"{path}/{name}", name) is not { } entry)
                {
                    continue;
                }

                yield return entry;
                if (isRecursive && entry.Kind == DataEntryKind.Directory && TryOpen(folder, name) is { } below)
                {
                    foreach (var inner in List(below, entry.Path, isRecursive))
                    {
                        yield return inner;
                    }
                }
            }
        }
    }

    private static DataEntry? ToEntry(Folder folder, string path, string name) =>
        folder.Stat(name) is { Kind: { } kind } stat && DataPath.EntryError(path[(DataPath.Root.Length + 1)..]) is null
            ? new()
            {
                Path = path,
                Kind = kind,
                Size = kind == DataEntryKind.File ? stat.Size : 0,
                LastModified = new(stat.Modified),
                Mode = stat.Mode,
                LinkTarget = kind == DataEntryKind.Link ? folder.ReadLink(name) : null,
            }
            : null;

    // Gone meanwhile, or not for us to read.
    private static Folder? TryOpen(Folder folder, string name)
    {
        try
        {
            return folder.OpenFolder(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static DataException NotFound(string path) =>
        new(
            DataFault.NotFound,
            $"There is no '{DataPath.Printable(path)}' on the host. SyncDir.ListAsync(\"{DataPath.Root}\") shows what there is.",
            path
        );
}
