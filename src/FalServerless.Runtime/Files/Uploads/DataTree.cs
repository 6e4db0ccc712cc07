using FalServerless.Protocol.Http;
using FalServerless.Runtime.Files.Folders;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>What bodies find at <c>/data</c>, reached from its top folder by folder, and through no link.</summary>
internal sealed class DataTree(string directory)
{
    public Folder OpenTop() => Folder.Open(Directory.CreateDirectory(directory).FullName);

    /// <summary>Opens a folder of <c>/data</c>; null where nothing is there.</summary>
    /// <exception cref="DataException">It is none, or a file or a link is on the way to it.</exception>
    public Folder? TryOpen(string path) => TryOpen(Names(path), isMade: false);

    /// <summary>Opens the folder that shall hold a path, and makes what is not there of the way.</summary>
    /// <exception cref="DataException">A file or a link is on the way.</exception>
    public Folder MakeParent(string path) => TryOpen(Names(path)[..^1], isMade: true)!;

    /// <summary>The entry at a path; null where there is none.</summary>
    /// <exception cref="DataException">A file or a link is on the way.</exception>
    public EntryStat? Stat(string path)
    {
        using var parent = TryOpen(Names(path)[..^1], isMade: false);
        return parent?.Stat(Name(path));
    }

    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>A path's part before its last name.</summary>
    public static string Parent(string path) => path[..path.LastIndexOf('/')];

    private static string[] Names(string path) => path.Length == DataPath.Root.Length ? [] : path[(DataPath.Root.Length + 1)..].Split('/');

    private Folder? TryOpen(IReadOnlyList<string> names, bool isMade)
    {
        var folder = OpenTop();
        try
        {
            for (var i = 0; i < names.Count; i++)
            {
                var next = TryEnter(folder, names, i, isMade);
                folder.Dispose();
                if (next is null)
                {
                    return null;
                }

                folder = next;
            }

            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static Folder? TryEnter(Folder folder, IReadOnlyList<string> names, int index, bool isMade)
    {
        var name = names[index];
        switch (folder.Stat(name))
        {
            case null when isMade:
                using (folder.MakeFolder(name))
                {
                    folder.SetMode(name, FolderModes.Default);
                }

                return folder.OpenFolder(name);
            case null:
                return null;
            case { Kind: DataEntryKind.Directory }:
                return folder.OpenFolder(name);
            case { Kind: var kind }:
                var path = $"{DataPath.Root}/{string.Join('/', names.Take(index + 1))}";
                throw new DataException(
                    DataFault.Conflict,
                    $"'{DataPath.Printable(path)}' is {(kind == DataEntryKind.Link ? "a link" : "no folder")} on the host, and "
                        + $"nothing is reached through it. Name another folder, or have a body remove what is there.",
                    path
                );
        }
    }
}
