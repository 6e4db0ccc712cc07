using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FalServerless.Runtime.Files.Folders;

/// <summary>
/// A folder by its path, where the system has no calls that go by an open one. A link that is planted while something is done may be
/// followed.
/// </summary>
internal sealed partial class PathFolder(string path) : Folder
{
    // What an entry counts as where the system has no modes.
    private const UnixFileMode WithoutModes = (UnixFileMode)0b110_100_100;

    public override EntryStat? Stat(string name) => StatOf(PathOf(name));

    public override EntryStat Stat() => StatOf(path) ?? throw new DirectoryNotFoundException($"'{path}' is gone.");

    public override EntryStat Stat(SafeFileHandle file)
    {
        var modified = File.GetLastWriteTimeUtc(file);
        return new(
            DataEntryKind.File,
            ModeOf(file),
            RandomAccess.GetLength(file),
            modified,
            modified,
            File.GetCreationTimeUtc(file).Ticks,
            Names: 1
        );
    }

    public override IReadOnlyList<string> Names() =>
        [.. Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry))];

    public override Folder OpenFolder(string name) =>
        Require(name, DataEntryKind.Directory) is { } full
            ? new PathFolder(full)
            : throw new DirectoryNotFoundException($"'{name}' is no folder.");

    public override SafeFileHandle OpenFile(string name) =>
        Require(name, DataEntryKind.File) is { } full
            ? File.OpenHandle(full, share: FileShare.ReadWrite | FileShare.Delete)
            : throw new FileNotFoundException($"'{name}' is no file.");

    public override Folder MakeFolder(string name)
    {
        var full = PathOf(name);
        if (StatOf(full) is not null)
        {
            throw new IOException($"'{name}' is there already.");
        }

        Directory.CreateDirectory(full);
        return new PathFolder(full);
    }

    public override SafeFileHandle MakeFile(string name, UnixFileMode mode) =>
        File.OpenHandle(PathOf(name), FileMode.CreateNew, FileAccess.Write);

    public override void MakeLink(string name, string target) => File.CreateSymbolicLink(PathOf(name), target);

    public override string ReadLink(string name) => new FileInfo(PathOf(name)).LinkTarget ?? throw new IOException($"'{name}' is no link.");

    public override void AddName(string name, Folder destination, string newName)
    {
        var added = ((PathFolder)destination).PathOf(newName);
        var done = OperatingSystem.IsWindows() ? CreateHardLink(added, PathOf(name), 0) : Link(PathOf(name), added) == 0;
        if (!done)
        {
            throw new IOException($"'{name}': {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());
        }
    }

    public override void Move(string name, Folder destination, string newName)
    {
        var (from, to) = (PathOf(name), ((PathFolder)destination).PathOf(newName));
        if (StatOf(from)?.Kind == DataEntryKind.Directory)
        {
            Directory.Move(from, to);
        }
        else
        {
            File.Move(from, to);
        }
    }

    public override void Exchange(string name, Folder other, string otherName)
    {
        var aside = $"{name}.{Guid.NewGuid():n}";
        other.Move(otherName, this, aside);
        Move(name, other, otherName);
        Move(aside, this, name);
    }

    public override void Delete(string name)
    {
        var full = PathOf(name);
        if (new DirectoryInfo(full) is { Exists: true } folder && folder.Attributes.HasFlag(FileAttributes.ReparsePoint))
        {
            folder.Delete();
            return;
        }

        File.Delete(full);
    }

    public override void DeleteEmptyFolder(string name) => Directory.Delete(PathOf(name));

    public override void SetMode(string name, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(PathOf(name), mode);
        }
    }

    public override void SetModified(string name, DateTime modified) => File.SetLastWriteTimeUtc(PathOf(name), modified);

    public override void SetModified(SafeFileHandle file, DateTime modified) => File.SetLastWriteTimeUtc(file, modified);

    public override void Dispose() { }

    private static UnixFileMode ModeOf(SafeFileHandle file) => OperatingSystem.IsWindows() ? WithoutModes : File.GetUnixFileMode(file);

    // Where a name may be more than one, it would lead elsewhere: 'a\..\b', 'C:', a stream of a file.
    private string PathOf(string name) =>
        name is "" or "." or ".." || name.AsSpan().ContainsAny(Path.GetInvalidFileNameChars())
            ? throw new IOException($"This host cannot keep anything under the name '{name}'.")
            : Path.Combine(path, name);

    private string? Require(string name, DataEntryKind kind)
    {
        var full = PathOf(name);
        return StatOf(full)?.Kind == kind ? full : null;
    }

    private static EntryStat? StatOf(string full)
    {
        FileSystemInfo info = Directory.Exists(full) ? new DirectoryInfo(full) : new FileInfo(full);
        if (!info.Exists && info.LinkTarget is null)
        {
            return null;
        }

        var kind =
            info.LinkTarget is not null ? DataEntryKind.Link
            : info is DirectoryInfo ? DataEntryKind.Directory
            : DataEntryKind.File;
        var mode = OperatingSystem.IsWindows() ? WithoutModes : info.UnixFileMode;
        return new(
            kind,
            mode,
            kind == DataEntryKind.File ? ((FileInfo)info).Length : 0,
            info.LastWriteTimeUtc,
            info.LastWriteTimeUtc,
            Inode: info.CreationTimeUtc.Ticks,
            Names: 1
        );
    }

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string name, string existing, nint attributes);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);
}
