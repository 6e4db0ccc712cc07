using System.Diagnostics;
using FalServerless.Hosts;

namespace FalServerless.Bench;

/// <summary>Uploads of a folder to a local host, beside <c>rsync -a</c> into another folder of the same disk.</summary>
internal static class SyncBenchmark
{
    private const int Rounds = 3;
    private const int SmallFiles = 10_000;
    private const int Folders = 100;
    private const int LargestSmall = 16 << 10;
    private const long LargeFile = 2L << 30;

    public static async Task RunAsync()
    {
        if (!HasRsync())
        {
            Console.WriteLine("There is no rsync to compare with. Install it: apt-get install rsync");
            return;
        }

        var top = Directory.CreateTempSubdirectory("fal-sync-bench-").FullName;
        try
        {
            var source = Path.Combine(top, "source");
            Make(source);
            Console.WriteLine($"Upload of {SmallFiles:N0} small files and one of {LargeFile / 1e9:N1} GB, medians of {Rounds} in turn");
            Console.WriteLine($"{"", -12}{"rsync -a", 12}{"upload", 12}{"ratio", 10}{"gateway's peak memory", 26}");
            var (first, again) = (new List<Sample>(), new List<Sample>());
            for (var round = 0; round < Rounds; round++)
            {
                await RoundAsync(source, Path.Combine(top, $"round-{round}"), first, again);
            }

            Print("first", first);
            Print("unchanged", again);
            Console.WriteLine();
        }
        finally
        {
            Directory.Delete(top, recursive: true);
        }
    }

    private static async Task RoundAsync(string source, string directory, List<Sample> first, List<Sample> again)
    {
        Directory.CreateDirectory(directory);
        Environment.SetEnvironmentVariable("FAL_CACHE", Path.Combine(directory, "cache"));
        using var host = new LocalHost(new Dictionary<string, string> { ["FAL_DATA"] = Path.Combine(directory, "data") });
        var options = new SyncOptions { Host = host };

        // The host is up before the clock runs, and what was written before is on the disk.
        await SyncDir.ListAsync(options: options);
        using var gateway = Process.GetProcessById((await host.RuntimeAsync()).ProcessId);
        foreach (var samples in (List<Sample>[])[first, again])
        {
            await SettleAsync();
            var copied = await TimeAsync(() => RsyncAsync(source, Path.Combine(directory, "copy")));
            await SettleAsync();
            var uploaded = await TimeAsync(() => SyncDir.UploadAsync(source, "/data/folder", options));
            gateway.Refresh();
            samples.Add(new(copied, uploaded, gateway.PeakWorkingSet64));
        }

        Directory.Delete(directory, recursive: true);
    }

    private static void Make(string source)
    {
        var random = new Random(5);
        var bytes = new byte[LargestSmall];
        for (var i = 0; i < SmallFiles; i++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(source, $"folder-{i % Folders:000}")).FullName;
            random.NextBytes(bytes);
            File.WriteAllBytes(Path.Combine(folder, $"file-{i:00000}"), bytes.AsSpan(0, random.Next(LargestSmall)));
        }

        using var large = File.Create(Path.Combine(source, "large"));
        var block = new byte[1 << 20];
        for (long at = 0; at < LargeFile; at += block.Length)
        {
            random.NextBytes(block);
            large.Write(block);
        }
    }

    private static async Task<double> TimeAsync(Func<Task> run)
    {
        var watch = Stopwatch.StartNew();
        await run();
        return watch.Elapsed.TotalSeconds;
    }

    private static Task SettleAsync() => RunAsync("sync");

    private static Task RsyncAsync(string source, string target) => RunAsync("rsync", "-a", source + "/", target + "/");

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
        }
    }

    private static bool HasRsync() =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "rsync")));

    private static void Print(string name, List<Sample> samples)
    {
        var (copied, uploaded) = (Median(samples, sample => sample.Copied), Median(samples, sample => sample.Uploaded));
        Console.WriteLine(
            $"{name, -12}{copied, 10:0.00} s{uploaded, 10:0.00} "
                + $"s{uploaded / copied, 10:0.00}{samples.Max(sample => sample.GatewayBytes) / 1e6, 23:0} MB"
        );
    }

    private static double Median(List<Sample> samples, Func<Sample, double> of) => samples.Select(of).Order().ElementAt(samples.Count / 2);

    private readonly record struct Sample(double Copied, double Uploaded, long GatewayBytes);
}
