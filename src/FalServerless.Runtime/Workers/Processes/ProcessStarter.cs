using System.Collections.Concurrent;
using System.Diagnostics;

namespace FalServerless.Runtime.Workers.Processes;

/// <summary>
/// Starts processes on one thread that lives as long as this process. A worker asks the kernel to be killed with its parent, and to the
/// kernel that is the thread that started it: one of the thread pool may end at any time.
/// </summary>
internal static class ProcessStarter
{
    private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process?> Started)> Waiting = StartThread();

    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static Task<Process?> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Waiting.Add((start, started));
        return started.Task;
    }

    private static BlockingCollection<(ProcessStartInfo, TaskCompletionSource<Process?>)> StartThread()
    {
        var waiting = new BlockingCollection<(ProcessStartInfo, TaskCompletionSource<Process?>)>();
        new Thread(() => Run(waiting)) { IsBackground = true, Name = "worker starter" }.Start();
        return waiting;
    }

    private static void Run(BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process?> Started)> waiting)
    {
        foreach (var (start, started) in waiting.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(start));
            }
            catch (Exception e)
            {
                // The caller gets the exception, whatever it is; the thread must not end.
                started.SetException(e);
            }
        }
    }
}
