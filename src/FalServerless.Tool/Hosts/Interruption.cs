using System.Runtime.InteropServices;

namespace FalServerless.Tool.Hosts;

/// <summary>Ctrl-C, or a request to end, ends a command in good order; a second one ends it at once.</summary>
internal static class Interruption
{
    /// <summary>What shells report for a process that a signal has ended is 128 and its number.</summary>
    private const int Killed = 128;

    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> command)
    {
        using var stop = new CancellationTokenSource();
        var code = 0;
        void Take(PosixSignalContext signal)
        {
            signal.Cancel = Interlocked.CompareExchange(ref code, Killed + (signal.Signal == PosixSignal.SIGINT ? 2 : 15), 0) == 0;
            if (signal.Cancel)
            {
                stop.Cancel();
            }
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Take);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take);
        try
        {
            return await command(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return code;
        }
    }
}
