using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FalServerless.Runtime.Files.Folders;

/// <summary>
/// The system calls that go by an open folder and a name in it. The numbers are those of Linux on x64 and arm64, where they are the same
/// unless said otherwise.
/// </summary>
internal static partial class LinuxCalls
{
    public const int NoFollow = 0x100;
    public const int RemoveDirectory = 0x200;
    public const int EmptyPath = 0x1000;

    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;

    public const uint NoReplace = 1;
    public const uint ExchangeNames = 2;

    public const int NotFound = 2;
    public const int Exists = 17;
    public const int Invalid = 22;
    public const int Missing = 38;
    public const int NotSupported = 95;

    // Basic statistics: all that statx gives of any file system.
    private const uint BasicStatistics = 0x7ff;

    public static readonly int DirectoryOnly = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;
    public static readonly int RefuseLinks = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    public static int Statx(SafeFileHandle folder, byte[] name, int flags, out StatxBuffer buffer) =>
        Statx(folder, name, flags, BasicStatistics, out buffer);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    public static partial int OpenAt(SafeFileHandle folder, byte[] name, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    public static partial int Open(byte[] path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    public static partial int MakeDirectoryAt(SafeFileHandle folder, byte[] name, uint mode);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true)]
    public static partial int LinkAt(SafeFileHandle folder, byte[] name, SafeFileHandle newFolder, byte[] newName, int flags);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true)]
    public static partial int SymbolicLinkAt(byte[] target, SafeFileHandle folder, byte[] name);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    public static partial nint ReadLinkAt(SafeFileHandle folder, byte[] name, Span<byte> target, nint size);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true)]
    public static partial int RenameAt2(SafeFileHandle folder, byte[] name, SafeFileHandle newFolder, byte[] newName, uint flags);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true)]
    public static partial int RenameAt(SafeFileHandle folder, byte[] name, SafeFileHandle newFolder, byte[] newName);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    public static partial int UnlinkAt(SafeFileHandle folder, byte[] name, int flags);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true)]
    public static partial int ChangeMode(byte[] path, uint mode);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    public static partial int SetTimes(SafeFileHandle folder, byte[] name, ReadOnlySpan<TimeValue> accessedAndModified, int flags);

    [LibraryImport("libc", EntryPoint = "futimens", SetLastError = true)]
    public static partial int SetTimes(SafeFileHandle file, ReadOnlySpan<TimeValue> accessedAndModified);

    [LibraryImport("libc", EntryPoint = "fdopendir", SetLastError = true)]
    public static partial nint OpenDirectory(int folder);

    [LibraryImport("libc", EntryPoint = "readdir", SetLastError = true)]
    public static partial nint ReadDirectory(nint directory);

    [LibraryImport("libc", EntryPoint = "closedir", SetLastError = true)]
    public static partial int CloseDirectory(nint directory);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Statx(SafeFileHandle folder, byte[] name, int flags, uint mask, out StatxBuffer buffer);

    /// <summary>A <c>struct timespec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly struct TimeValue(long seconds, long nanoseconds)
    {
        /// <summary>In place of the nanoseconds: leave the time as it is.</summary>
        public const long Omit = (1L << 30) - 2;

        public readonly long Seconds = seconds;
        public readonly long Nanoseconds = nanoseconds;

        public static TimeValue From(DateTime time)
        {
            var (seconds, rest) = Math.DivRem(time.Ticks - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerSecond);
            return rest < 0 ? new(seconds - 1, (rest + TimeSpan.TicksPerSecond) * 100) : new(seconds, rest * 100);
        }
    }

    /// <summary>What of a <c>struct statx</c> is looked at; the struct is the same on all processors.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct StatxBuffer
    {
        private const int TypeMask = 0xF000;
        private const int TypeFile = 0x8000;
        private const int TypeDirectory = 0x4000;
        private const int TypeLink = 0xA000;
        private const int AllModes = 0b111_111_111;

        [FieldOffset(16)]
        private readonly uint _names;

        [FieldOffset(28)]
        private readonly ushort _mode;

        [FieldOffset(32)]
        private readonly long _inode;

        [FieldOffset(40)]
        private readonly long _size;

        [FieldOffset(96)]
        private readonly long _changedSeconds;

        [FieldOffset(104)]
        private readonly uint _changedNanoseconds;

        [FieldOffset(112)]
        private readonly long _modifiedSeconds;

        [FieldOffset(120)]
        private readonly uint _modifiedNanoseconds;

        public readonly EntryStat ToStat() =>
            new(
                (_mode & TypeMask) switch
                {
                    TypeFile => DataEntryKind.File,
                    TypeDirectory => DataEntryKind.Directory,
                    TypeLink => DataEntryKind.Link,
                    _ => null,
                },
                (UnixFileMode)(_mode & AllModes),
                _size,
                Time(_modifiedSeconds, _modifiedNanoseconds),
                Time(_changedSeconds, _changedNanoseconds),
                _inode,
                _names
            );

        // A file system may keep times that DateTime cannot have.
        private static DateTime Time(long seconds, uint nanoseconds) =>
            DateTime.UnixEpoch.AddTicks(
                (Math.Clamp(seconds, -62_135_596_800, 253_402_300_799) * TimeSpan.TicksPerSecond) + (nanoseconds / 100)
            );
    }
}
