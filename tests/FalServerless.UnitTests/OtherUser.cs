using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace FalServerless.UnitTests;

/// <summary>Another user than the one who runs the tests.</summary>
internal static partial class OtherUser
{
    private const nint Nobody = 65534;
    private const nint Unchanged = -1;

    // On Linux a thread has users of its own; the C library's setresuid would change those of all threads.
    private static readonly nint SetUsers = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 147 : 117;

    /// <summary>Does something as the user nobody. Skips where the tests do not run as root on Linux.</summary>
    public static void Run(Action action)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Threads have users of their own on Linux only.");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can become another user: run the tests as root.");
        ExceptionDispatchInfo? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                Assert.Equal(0, SystemCall(SetUsers, Nobody, Nobody, Unchanged));
                action();
            }
            catch (Exception e)
            {
                error = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        error?.Throw();
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint real, nint effective, nint saved);
}
