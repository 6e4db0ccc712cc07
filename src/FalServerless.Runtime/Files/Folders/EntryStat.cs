namespace FalServerless.Runtime.Files.Folders;

/// <summary>The entry of a name in a folder.</summary>
/// <param name="Kind">Null for what is neither a file nor a folder nor a link: a pipe, a socket, a device.</param>
/// <param name="Mode">Without the bits beyond read, write and execute.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Modified">When its content was last changed, in UTC and steps of 100 ns.</param>
/// <param name="Changed">When anything of it was last changed, which cannot be set.</param>
/// <param name="Inode">Tells it from what else stood there before or will.</param>
/// <param name="Names">How many names it has in all.</param>
internal readonly record struct EntryStat(
    DataEntryKind? Kind,
    UnixFileMode Mode,
    long Size,
    DateTime Modified,
    DateTime Changed,
    long Inode,
    long Names
)
{
    /// <summary>Whether it is the same file with the same content, as far as can be seen without reading it.</summary>
    public bool IsAs(in EntryStat other) => Kind == other.Kind && Size == other.Size && Modified == other.Modified && Inode == other.Inode;
}
