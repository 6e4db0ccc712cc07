using System.Diagnostics;
using FalServerless.Protocol;
using FalServerless.Transport;

namespace FalServerless.Worker;

/// <summary>Listens for control frames on a thread of its own. When home is gone, so is the worker, whatever the body is doing.</summary>
internal static class ControlLoop
{
    public static void Start(WorkerConnection control)
    {
        var thread = new Thread(() => Run(control)) { IsBackground = true, Name = "control" };
        thread.Start();
    }

    private static void Run(WorkerConnection control)
    {
        try
        {
            while (control.TryRead(out var header, out _))
            {
                if (header.Kind == WorkerFrameKind.Stop)
                {
                    // An orderly end: finalizers of the process and handlers of ProcessExit run.
                    Environment.Exit(0);
                }
            }
        }
        finally
        {
            Process.GetCurrentProcess().Kill();
        }
    }
}
