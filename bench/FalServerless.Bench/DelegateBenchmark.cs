namespace FalServerless.Bench;

/// <summary>A warm call of an async delegate beside a warm call of an expression that does the same, in turn.</summary>
internal static class DelegateBenchmark
{
    private const int Rounds = 9;
    private const int Sequential = 3_000;
    private const int Concurrent = 20_000;

    public static async Task RunAsync()
    {
        var name = "Ada";
        var options = new IsolatedOptions { MachineType = "M" };
        var expression = Isolated.Create(() => "Hello " + name, options);
        var block = Isolated.FromDelegate(
            () =>
            {
                return "Hello " + name;
            },
            options
        );
        var completed = Isolated.Create(
            async () =>
            {
                await Task.CompletedTask;
                return "Hello " + name;
            },
            options
        );
        var yielding = Isolated.Create(
            async () =>
            {
                await Task.Yield();
                return "Hello " + name;
            },
            options
        );
        var contenders = new (string Name, Func<Task> Call)[]
        {
            ("expression", () => expression.InvokeAsync()),
            ("block", () => block.InvokeAsync()),
            ("async, completed await", () => completed.InvokeAsync()),
            ("async, Task.Yield", () => yielding.InvokeAsync()),
        };
        var rounds = await LoadFigures.CompareAsync([.. contenders.Select(contender => contender.Call)], Rounds, Sequential, Concurrent);

        Console.WriteLine(
            $"Warm call of a delegate that returns \"Hello \" + name, on machine type M; medians of {Rounds} rounds in turn, "
                + $"{Sequential} sequential calls and {Concurrent} at 32 at once in each"
        );
        Console.WriteLine($"{"", -24}{"p50 µs", 10}{"calls/s", 10}");
        for (var i = 0; i < contenders.Length; i++)
        {
            var median = LoadFigures.Median(rounds[i]);
            Console.WriteLine($"{contenders[i].Name, -24}{median.P50, 10:0.0}{median.Throughput, 10:0}");
        }

        for (var i = 1; i < contenders.Length; i++)
        {
            var pairs = rounds[0].Zip(rounds[i]).ToArray();
            var p50 = LoadFigures.Median(pairs.Select(pair => pair.Second.P50 / pair.First.P50));
            var throughput = LoadFigures.Median(pairs.Select(pair => pair.Second.Throughput / pair.First.Throughput));
            Console.WriteLine($"{contenders[i].Name} / expression: p50 {p50:0.00} ×, throughput {throughput:0%}");
        }

        Console.WriteLine();
    }
}
