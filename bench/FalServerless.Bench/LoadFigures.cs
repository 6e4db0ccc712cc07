using System.Diagnostics;

namespace FalServerless.Bench;

/// <summary>What one round of calls took.</summary>
internal sealed record LoadFigures(double P50, double P99, double Throughput)
{
    private const int Concurrency = 32;

    /// <summary>Sequential calls for the latencies in µs, then 32 at once for the throughput in calls/s.</summary>
    public static async Task<LoadFigures> MeasureAsync(Func<Task> call, int sequential, int concurrent)
    {
        var ticks = new long[sequential];
        for (var i = 0; i < sequential; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await call();
            ticks[i] = Stopwatch.GetTimestamp() - start;
        }

        Array.Sort(ticks);
        var left = concurrent;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(
            Enumerable
                .Range(0, Concurrency)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        while (Interlocked.Decrement(ref left) >= 0)
                        {
                            await call();
                        }
                    })
                )
        );
        return new(Micro(ticks[sequential / 2]), Micro(ticks[sequential * 99 / 100]), concurrent / watch.Elapsed.TotalSeconds);
    }

    /// <summary>
    /// The rounds of each contender, measured in turn so that what else the machine does hits all of them. A first round, which compiles
    /// and fills pools, does not count.
    /// </summary>
    public static async Task<List<LoadFigures>[]> CompareAsync(IReadOnlyList<Func<Task>> calls, int rounds, int sequential, int concurrent)
    {
        var measured = calls.Select(_ => new List<LoadFigures>()).ToArray();
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < calls.Count; i++)
            {
                var figures = await MeasureAsync(calls[i], sequential, concurrent);
                if (round > 0)
                {
                    measured[i].Add(figures);
                }
            }
        }

        return measured;
    }

    /// <summary>The median of each figure over the rounds.</summary>
    public static LoadFigures Median(IReadOnlyList<LoadFigures> rounds) =>
        new(
            Median(rounds.Select(round => round.P50)),
            Median(rounds.Select(round => round.P99)),
            Median(rounds.Select(round => round.Throughput))
        );

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static double Micro(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
