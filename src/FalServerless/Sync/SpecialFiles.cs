using System.Runtime.InteropServices;

namespace FalServerless.Sync;

/// <summary>Tells pipes, sockets and devices from files, where the system says so.</summary>
internal static partial class SpecialFiles
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const int TypeOnly = 1;
    private const int TypeMask = 0xF000;
    private const int TypeFile = 0x8000;

    // Of a struct statx, which is the same on all processors.
    private const int BufferSize = 256;
    private const int ModeOffset = 28;

    public static bool Is(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        Span<byte> buffer = stackalloc byte[BufferSize];
        return Statx(CurrentDirectory, path, NoFollow, TypeOnly, buffer) == 0
            && (MemoryMarshal.Read<ushort>(buffer[ModeOffset..]) & TypeMask) != TypeFile;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> buffer);
}
