using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FalServerless.Runtime.Files.Folders;

/// <summary>A folder by its descriptor.</summary>
internal sealed class LinuxFolder : Folder
{
    private const uint OwnersFolder = 0b111_000_000;
    private const int LongestTarget = 4096;

    // Of a struct dirent, where the name begins; the same in all C libraries of 64-bit Linux.
    private const int NameOffset = 19;

    private readonly SafeFileHandle _folder;

    private LinuxFolder(int descriptor) => _folder = new SafeFileHandle(descriptor, ownsHandle: true);

    public static LinuxFolder OpenPath(string path) =>
        new(
            Check(LinuxCalls.Open(FileNames.Encode(path), LinuxCalls.ReadOnly | LinuxCalls.DirectoryOnly | LinuxCalls.CloseOnExec, 0), path)
        );

    public override EntryStat? Stat(string name)
    {
        if (LinuxCalls.Statx(_folder, FileNames.Encode(name), LinuxCalls.NoFollow, out var buffer) == 0)
        {
            return buffer.ToStat();
        }

        return Marshal.GetLastPInvokeError() == LinuxCalls.NotFound ? null : throw Failed(name);
    }

    public override EntryStat Stat() => Stat(_folder);

    public override EntryStat Stat(SafeFileHandle file)
    {
        Check(LinuxCalls.Statx(file, [0], LinuxCalls.EmptyPath, out var buffer), ".");
        return buffer.ToStat();
    }

    public override IReadOnlyList<string> Names()
    {
        // The list takes a descriptor for itself, with a position of its own.
        var descriptor = Check(
            LinuxCalls.OpenAt(_folder, [(byte)'.', 0], LinuxCalls.ReadOnly | LinuxCalls.DirectoryOnly | LinuxCalls.CloseOnExec, 0),
            "."
        );
        var directory = LinuxCalls.OpenDirectory(descriptor);
        if (directory == 0)
        {
            var failure = Failed(".");
            _ = LinuxCalls.Close(descriptor);
            throw failure;
        }

        try
        {
            var names = new List<string>();
            while (true)
            {
                Marshal.SetLastPInvokeError(0);
                var entry = LinuxCalls.ReadDirectory(directory);
                if (entry == 0)
                {
                    return Marshal.GetLastPInvokeError() == 0 ? names : throw Failed(".");
                }

                var name = NameAt(entry + NameOffset);
                if (name is not ("." or ".."))
                {
                    names.Add(name);
                }
            }
        }
        finally
        {
            _ = LinuxCalls.CloseDirectory(directory);
        }
    }

    public override Folder OpenFolder(string name) =>
        new LinuxFolder(
            Check(
                LinuxCalls.OpenAt(
                    _folder,
                    FileNames.Encode(name),
                    LinuxCalls.ReadOnly | LinuxCalls.DirectoryOnly | LinuxCalls.RefuseLinks | LinuxCalls.CloseOnExec,
                    0
                ),
                name
            )
        );

    // Not blocking: a body may have put a pipe there.
    public override SafeFileHandle OpenFile(string name) =>
        new(
            Check(
                LinuxCalls.OpenAt(
                    _folder,
                    FileNames.Encode(name),
                    LinuxCalls.ReadOnly | LinuxCalls.RefuseLinks | LinuxCalls.NonBlocking | LinuxCalls.CloseOnExec,
                    0
                ),
                name
            ),
            ownsHandle: true
        );

    public override Folder MakeFolder(string name)
    {
        Check(LinuxCalls.MakeDirectoryAt(_folder, FileNames.Encode(name), OwnersFolder), name);
        return OpenFolder(name);
    }

    public override SafeFileHandle MakeFile(string name, UnixFileMode mode) =>
        new(
            Check(
                LinuxCalls.OpenAt(
                    _folder,
                    FileNames.Encode(name),
                    LinuxCalls.WriteOnly | LinuxCalls.Create | LinuxCalls.Exclusive | LinuxCalls.RefuseLinks | LinuxCalls.CloseOnExec,
                    (uint)(mode | UnixFileMode.UserWrite)
                ),
                name
            ),
            ownsHandle: true
        );

    public override void MakeLink(string name, string target) =>
        Check(LinuxCalls.SymbolicLinkAt(FileNames.Encode(target), _folder, FileNames.Encode(name)), name);

    public override string ReadLink(string name)
    {
        Span<byte> target = stackalloc byte[LongestTarget];
        var length = Check((int)LinuxCalls.ReadLinkAt(_folder, FileNames.Encode(name), target, target.Length), name);
        return FileNames.Decode(target[..length]);
    }

    public override void AddName(string name, Folder destination, string newName) =>
        Check(LinuxCalls.LinkAt(_folder, FileNames.Encode(name), ((LinuxFolder)destination)._folder, FileNames.Encode(newName), 0), name);

    public override void Move(string name, Folder destination, string newName)
    {
        var other = ((LinuxFolder)destination)._folder;
        if (TryRename(name, other, newName, LinuxCalls.NoReplace))
        {
            return;
        }

        // A file system without that: what is there is looked at first, which leaves a moment between.
        if (destination.Stat(newName) is not null)
        {
            throw Failed(newName, LinuxCalls.Exists);
        }

        Check(LinuxCalls.RenameAt(_folder, FileNames.Encode(name), other, FileNames.Encode(newName)), newName);
    }

    public override void Exchange(string name, Folder other, string otherName)
    {
        var folder = ((LinuxFolder)other)._folder;
        if (!TryRename(name, folder, otherName, LinuxCalls.ExchangeNames))
        {
            var aside = $"{name}.{Guid.NewGuid():n}";
            Check(LinuxCalls.RenameAt(folder, FileNames.Encode(otherName), _folder, FileNames.Encode(aside)), otherName);
            Check(LinuxCalls.RenameAt(_folder, FileNames.Encode(name), folder, FileNames.Encode(otherName)), otherName);
            Check(LinuxCalls.RenameAt(_folder, FileNames.Encode(aside), _folder, FileNames.Encode(name)), otherName);
        }
    }

    public override void Delete(string name) => Check(LinuxCalls.UnlinkAt(_folder, FileNames.Encode(name), 0), name);

    public override void DeleteEmptyFolder(string name) =>
        Check(LinuxCalls.UnlinkAt(_folder, FileNames.Encode(name), LinuxCalls.RemoveDirectory), name);

    public override void SetMode(string name, UnixFileMode mode) =>
        OnEntry(name, path => Check(LinuxCalls.ChangeMode(path, (uint)mode), name));

    public override void SetModified(string name, DateTime modified) =>
        Check(
            LinuxCalls.SetTimes(
                _folder,
                FileNames.Encode(name),
                [new(0, LinuxCalls.TimeValue.Omit), LinuxCalls.TimeValue.From(modified)],
                LinuxCalls.NoFollow
            ),
            name
        );

    public override void SetModified(SafeFileHandle file, DateTime modified) =>
        Check(LinuxCalls.SetTimes(file, [new(0, LinuxCalls.TimeValue.Omit), LinuxCalls.TimeValue.From(modified)]), ".");

    public override void Dispose() => _folder.Dispose();

    // chmod follows links whatever its flags; what was opened without following any is found again below /proc.
    private void OnEntry(string name, Action<byte[]> act)
    {
        var descriptor = Check(
            LinuxCalls.OpenAt(_folder, FileNames.Encode(name), LinuxCalls.PathOnly | LinuxCalls.RefuseLinks | LinuxCalls.CloseOnExec, 0),
            name
        );
        try
        {
            act(FileNames.Encode($"/proc/self/fd/{descriptor}"));
        }
        finally
        {
            _ = LinuxCalls.Close(descriptor);
        }
    }

    private bool TryRename(string name, SafeFileHandle other, string newName, uint flags)
    {
        try
        {
            if (LinuxCalls.RenameAt2(_folder, FileNames.Encode(name), other, FileNames.Encode(newName), flags) == 0)
            {
                return true;
            }
        }
        catch (EntryPointNotFoundException)
        {
            // A C library that is older than the call.
            return false;
        }

        return Marshal.GetLastPInvokeError() is LinuxCalls.Invalid or LinuxCalls.Missing or LinuxCalls.NotSupported
            ? false
            : throw Failed(newName);
    }

    private static unsafe string NameAt(nint text) => FileNames.Decode(MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)text));

    private static int Check(int result, string name) => result >= 0 ? result : throw Failed(name);

    private static IOException Failed(string name) => Failed(name, Marshal.GetLastPInvokeError());

    private static IOException Failed(string name, int error) => new($"'{name}': {Marshal.GetPInvokeErrorMessage(error)}", error);
}
