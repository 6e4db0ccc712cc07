using FalServerless.Protocol;
using FalServerless.Runtime.Files.Folders;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>What an upload put into a folder, so that it is known what a file holds without reading it.</summary>
internal readonly record struct IndexedFile(long Size, DateTime Modified, long Inode, ContentHash Content)
{
    public IndexedFile(in EntryStat file, ContentHash content)
        : this(file.Size, file.Modified, file.Inode, content) { }

    public bool IsOf(in EntryStat file) =>
        file.Kind == DataEntryKind.File && file.Size == Size && file.Modified == Modified && file.Inode == Inode;
}
