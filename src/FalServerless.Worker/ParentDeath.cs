using System.Runtime.InteropServices;

namespace FalServerless.Worker;

/// <summary>
/// Ends this process with its gateway. The end of the connections does that too, but not to a worker that is stopped: the kernel's signal
/// ends that as well.
/// </summary>
internal static class ParentDeath
{
    private const int SetParentDeathSignal = 1;
    private const int Kill = 9;

    /// <summary>
    /// Comes before the gateway is called: one that has ended already is not there to be called, and the worker ends. Elsewhere than on
    /// Linux this does nothing.
    /// </summary>
    public static void EndsThisProcess()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Control(SetParentDeathSignal, Kill, 0, 0, 0);
        }
    }

    [DllImport("libc", EntryPoint = "prctl")]
    private static extern int Control(int option, nuint signal, nuint unused1, nuint unused2, nuint unused3);
}
