namespace FalServerless.Bench;

/// <summary>A warm call through everything — capture, gateway, worker, user code and back — beside a bare Kestrel echo, in turn.</summary>
internal static class WarmCallBenchmark
{
    private const int Rounds = 7;
    private const int Sequential = 3_000;
    private const int Concurrent = 20_000;

    public static async Task RunAsync()
    {
        using var server = await EchoServer.StartAsync();
        using var overSocket = EchoClient.OverSocket(server.Socket);
        using var overLoopback = EchoClient.OverLoopback(server.Port);
        var name = "Ada";
        var hello = Isolated.Create(() => "Hello " + name, new() { MachineType = "M" });
        var contenders = new (string Name, Func<Task> Call)[]
        {
            ("echo, loopback TCP", overLoopback.PostAsync),
            ("echo, Unix socket", overSocket.PostAsync),
            ("warm call", () => hello.InvokeAsync()),
        };

        var rounds = await LoadFigures.CompareAsync([.. contenders.Select(contender => contender.Call)], Rounds, Sequential, Concurrent);

        Console.WriteLine(
            $"Warm call of () => \"Hello \" + name on machine type M, which has no less than this echo; medians of {Rounds} rounds in "
                + $"turn, {Sequential} sequential calls and {Concurrent} at 32 at once in each"
        );
        Console.WriteLine($"{"", -22}{"p50 µs", 10}{"p99 µs", 10}{"calls/s", 10}");
        var medians = rounds.Select(LoadFigures.Median).ToArray();
        for (var i = 0; i < contenders.Length; i++)
        {
            Console.WriteLine($"{contenders[i].Name, -22}{medians[i].P50, 10:0.0}{medians[i].P99, 10:0.0}{medians[i].Throughput, 10:0}");
        }

        for (var i = 0; i < contenders.Length - 1; i++)
        {
            var pairs = rounds[i].Zip(rounds[^1]).ToArray();
            var p50 = LoadFigures.Median(pairs.Select(pair => pair.Second.P50 / pair.First.P50));
            var p99 = LoadFigures.Median(pairs.Select(pair => pair.Second.P99 / pair.First.P99));
            var throughput = LoadFigures.Median(pairs.Select(pair => pair.Second.Throughput / pair.First.Throughput));
            Console.WriteLine($"warm call / {contenders[i].Name}: p50 {p50:0.00} ×, p99 {p99:0.00} ×, throughput {throughput:0%}");
        }

        Console.WriteLine();
    }
}
