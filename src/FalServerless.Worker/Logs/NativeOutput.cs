using System.Runtime.InteropServices;

namespace FalServerless.Worker.Logs;

/// <summary>The output of native code in this process: the C library gathers it, and would keep it beyond the call that wrote it.</summary>
internal static class NativeOutput
{
    private static bool _isFlushable = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    /// <summary>Hands it to the process's pipes, which the gateway reads before it passes the answer on.</summary>
    public static void Flush()
    {
        if (!_isFlushable)
        {
            return;
        }

        try
        {
            _ = FlushStreams(0);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            _isFlushable = false;
        }
    }

    [DllImport("libc", EntryPoint = "fflush")]
    private static extern int FlushStreams(nint all);
}
