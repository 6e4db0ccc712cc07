using System.Diagnostics;

namespace FalServerless.Bench;

/// <summary>
/// From the start of the Quickstart program to its first line, which a worker computed; beside the start of a program that does nothing.
/// </summary>
internal static class FirstResultBenchmark
{
    public const string BareCommand = "bare";

    private const int Runs = 15;

    public static async Task RunAsync()
    {
        var quickstart = Path.GetFullPath(
            Path.Combine(
                AppContext.BaseDirectory,
                "..",
                "..",
                "Quickstart",
                Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)),
                "Quickstart"
            )
        );
        var first = new List<double>();
        var bare = new List<double>();
        for (var run = 0; run <= Runs; run++)
        {
            var bareTime = await TimeToFirstLineAsync(Environment.ProcessPath!, BareCommand);
            var firstTime = await TimeToFirstLineAsync(quickstart);
            if (run > 0)
            {
                bare.Add(bareTime);
                first.Add(firstTime);
            }
        }

        Console.WriteLine($"From program start to the first line of samples/Quickstart, medians of {Runs} runs in turn");
        Console.WriteLine($"{"no isolated function", -22}{LoadFigures.Median(bare), 10:0} ms");
        Console.WriteLine($"{"first result", -22}{LoadFigures.Median(first), 10:0} ms   ({first.Min():0} to {first.Max():0})");
        Console.WriteLine($"first result / bare start: {LoadFigures.Median(first.Zip(bare, (ours, theirs) => ours / theirs)):0.00} ×");
        Console.WriteLine();
    }

    /// <summary>In milliseconds, from the program's start to its first line.</summary>
    public static async Task<double> TimeToFirstLineAsync(string program, params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var line = await process.StandardOutput.ReadLineAsync();
        var time = watch.Elapsed.TotalMilliseconds;
        if (string.IsNullOrEmpty(line))
        {
            throw new InvalidOperationException($"'{program}' printed nothing.");
        }

        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return time;
    }
}
