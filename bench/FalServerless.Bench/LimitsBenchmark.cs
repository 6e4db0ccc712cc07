using System.Diagnostics;

namespace FalServerless.Bench;

/// <summary>
/// What a worker gets of the processors when it takes all it can, beside what its machine type says; and how long the start of such a call
/// waits.
/// </summary>
internal static class LimitsBenchmark
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(4);

    public static async Task RunAsync()
    {
        Console.WriteLine(
            $"Busy loops on {Environment.ProcessorCount} threads for {Duration.TotalSeconds:0} s: processor time of the worker, by "
                + $"its own clock, per time on the wall"
        );
        Console.WriteLine($"{"", -6}{"quota", 10}{"share", 10}{"share / quota", 16}");
        foreach (var machineType in new MachineType[] { MachineType.XS, MachineType.S, MachineType.M })
        {
            var busy = Isolated.FromDelegate(
                (int threads, TimeSpan duration) =>
                {
                    return Share(threads, duration);
                },
                new() { MachineType = machineType }
            );
            await busy.InvokeAsync(1, TimeSpan.Zero);
            var share = await busy.InvokeAsync(Environment.ProcessorCount, Duration);

            // What the machine does not have, nothing can use.
            var quota = Math.Min(machineType.Cpu, Environment.ProcessorCount);
            Console.WriteLine($"{machineType.Name, -6}{quota, 10:0.00}{share, 10:0.000}{share / quota, 16:0.00}");
        }

        Console.WriteLine();
    }

    private static double Share(int threads, TimeSpan duration)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        var loops = Enumerable
            .Range(0, threads)
            .Select(_ => new Thread(() =>
            {
                while (watch.Elapsed < duration)
                {
                    Thread.SpinWait(1000);
                }
            }))
            .ToList();
        loops.ForEach(loop => loop.Start());
        loops.ForEach(loop => loop.Join());
        process.Refresh();
        return (process.TotalProcessorTime - before) / watch.Elapsed;
    }
}
