using System.Runtime.InteropServices;

namespace FalServerless.Internal;

/// <summary>
/// Whether this user may execute a file: its mode alone does not say so, since the bits of others are no use to this one.
/// </summary>
internal static partial class ExecutePermission
{
    private const int Execute = 1;

    /// <returns>False for a file that is missing, too.</returns>
    public static bool IsGranted(string path) => File.Exists(path) && (OperatingSystem.IsWindows() || Access(path, Execute) == 0);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
