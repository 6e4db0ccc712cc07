using System.Diagnostics;

namespace FalServerless.Bench;

/// <summary>A million numbers as a stream, item by item, beside the same numbers as one list, in turn.</summary>
internal static class StreamBenchmark
{
    private const int Rounds = 5;
    private const int Count = 1_000_000;

    public static async Task RunAsync()
    {
        var options = new IsolatedOptions { MachineType = "M" };
        var stream = Isolated.Create(() => NumbersAsync(Count), options);
        var list = Isolated.Create(() => Enumerable.Range(0, Count).ToList(), options);
        var streamed = new List<double>();
        var listed = new List<double>();
        for (var round = 0; round <= Rounds; round++)
        {
            var streamTime = await TimeAsync(async () =>
            {
                long sum = 0;
                await foreach (var number in stream.Invoke())
                {
                    sum += number;
                }

                return sum;
            });
            var listTime = await TimeAsync(async () => (await list.InvokeAsync()).Sum(number => (long)number));

            // The first round compiles and warms up.
            if (round > 0)
            {
                streamed.Add(streamTime);
                listed.Add(listTime);
            }
        }

        var ratio = LoadFigures.Median(streamed.Zip(listed, (first, second) => first / second));
        Console.WriteLine($"{Count} numbers on machine type M; medians of {Rounds} rounds in turn");
        Console.WriteLine(
            $"as a stream {LoadFigures.Median(streamed):0} ms ({Count / LoadFigures.Median(streamed) / 1000:0.0} million items/s), as "
                + $"one list {LoadFigures.Median(listed):0} ms: {ratio:0.0} ×"
        );
        Console.WriteLine();
    }

    private static async Task<double> TimeAsync(Func<Task<long>> run)
    {
        var watch = Stopwatch.StartNew();
        var sum = await run();
        return sum == (long)Count * (Count - 1) / 2
            ? watch.Elapsed.TotalMilliseconds
            : throw new InvalidOperationException($"The numbers add up to {sum}: some were lost.");
    }

    private static async IAsyncEnumerable<int> NumbersAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return i;
        }

        await Task.CompletedTask;
    }
}
