using System.Diagnostics;
using System.Globalization;
using FalServerless.Hosts;

namespace FalServerless.Bench;

/// <summary>
/// A function's first call where a started worker waits, and where none does; beside the start of a .NET program that prints one line, in
/// turn.
/// </summary>
internal static class ColdBenchmark
{
    private const int Runs = 20;

    /// <summary>By then a worker that was started with its host has warmed up.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    public static async Task RunAsync()
    {
        var bare = new List<double>();
        var expression = new List<double>();
        var block = new List<double>();
        var cold = new List<double>();
        var idle = new List<double>();
        using var without = new LocalHost(new Dictionary<string, string> { ["FAL_PREWARMED"] = "0" });
        for (var run = 0; run <= Runs; run++)
        {
            var bareTime = await FirstResultBenchmark.TimeToFirstLineAsync(Environment.ProcessPath!, FirstResultBenchmark.BareCommand);
            var (expressionTime, memory) = await OnPrewarmedAsync(Expression);
            var (blockTime, _) = await OnPrewarmedAsync(Block);

            // Without a keep-alive each call has a process of its own, which is started for it.
            var coldTime = await TimeAsync(Expression(without, TimeSpan.Zero));

            // The first run compiles and reads from the disk.
            if (run > 0)
            {
                bare.Add(bareTime);
                expression.Add(expressionTime);
                block.Add(blockTime);
                cold.Add(coldTime);
                idle.Add(memory);
            }
        }

        Console.WriteLine($"First calls of () => \"Hello \" + name on machine type XS, medians of {Runs} runs in turn");
        Print("a bare .NET program", bare, bare);
        Print("pre-warmed, expression", expression, bare);
        Print("pre-warmed, block", block, bare);
        Print("no worker started", cold, bare);
        Console.WriteLine($"memory of a pre-warmed worker: {LoadFigures.Median(idle):0.0} MB resident");
        Console.WriteLine();
    }

    private static void Print(string name, List<double> times, List<double> bare) =>
        Console.WriteLine(
            $"{name, -24}{LoadFigures.Median(times), 8:0.0} ms   ({times.Min():0.0} to {times.Max():0.0})   "
                + $"{LoadFigures.Median(times.Zip(bare, (ours, theirs) => ours / theirs)):0.00} × the bare start"
        );

    private static Func<Task<string>> Expression(FalHost host, TimeSpan keepAlive)
    {
        var name = "Ada";
        var function = Isolated.Create(() => "Hello " + name, new() { Host = host, KeepAlive = keepAlive });
        return () => function.InvokeAsync();
    }

    private static Func<Task<string>> Block(FalHost host, TimeSpan keepAlive)
    {
        var name = "Ada";
        var function = Isolated.FromDelegate(
            () =>
            {
                return "Hello " + name;
            },
            new() { Host = host, KeepAlive = keepAlive }
        );
        return () => function.InvokeAsync();
    }

    // A host of its own; its gateway is used before, by calls on another machine type of code from the same assemblies, so that only the
    // worker is new to the call.
    private static async Task<(double Time, double Memory)> OnPrewarmedAsync(Func<FalHost, TimeSpan, Func<Task<string>>> create)
    {
        using var host = new LocalHost();
        var other = Isolated.FromDelegate(
            () =>
            {
                return 1;
            },
            new() { Host = host, MachineType = "S" }
        );
        for (var i = 0; i < 20; i++)
        {
            await other.InvokeAsync();
        }

        var used = await Isolated.Create(() => Environment.ProcessId, new() { Host = host, MachineType = "S" }).InvokeAsync();
        await Task.Delay(Settled);
        var runtime = await host.RuntimeAsync();
        var memory = ResidentMegabytes(runtime.ProcessId, used);
        return (await TimeAsync(create(host, TimeSpan.FromSeconds(10))), memory);
    }

    private static async Task<double> TimeAsync(Func<Task<string>> call)
    {
        var watch = Stopwatch.StartNew();
        var text = await call();
        return text == "Hello Ada" ? watch.Elapsed.TotalMilliseconds : throw new InvalidOperationException($"The call returned '{text}'.");
    }

    // Of the runtime's worker that nothing has used; zero where the system does not show it.
    private static double ResidentMegabytes(int runtime, int used)
    {
        foreach (
            var status in Directory.Exists("/proc")
                ? Directory.EnumerateDirectories("/proc").Select(folder => Path.Combine(folder, "status"))
                : []
        )
        {
            try
            {
                var lines = File.ReadAllLines(status);
                if (Value("PPid:") == runtime && Value("Pid:") != used)
                {
                    return Value("VmRSS:") / 1024.0;
                }

                long Value(string name) =>
                    lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
                        ? long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
                        : 0;
            }
            catch (IOException)
            {
                // No process, or one that has just ended.
            }
        }

        return 0;
    }
}
