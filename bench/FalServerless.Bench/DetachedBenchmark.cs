using System.Diagnostics;
using System.Globalization;
using FalServerless.Hosts;

namespace FalServerless.Bench;

/// <summary>Detached calls beside attached ones: what it costs to have the disk keep a call and its outcome.</summary>
internal static class DetachedBenchmark
{
    private const int AtOnce = 32;
    private const int Calls = 2000;

    public static async Task RunAsync()
    {
        using var host = new LocalHost();
        var function = Isolated.Create((int value) => value + 1, new() { Host = host });
        await MeasureAsync(200, i => function.InvokeAsync(i));
        await MeasureAsync(200, async i => await (await function.SubmitAsync(i)).GetResultAsync());

        var attached = await MeasureAsync(Calls, i => function.InvokeAsync(i));
        var submitted = new Invocation<int>[Calls];
        var watch = Stopwatch.StartNew();
        var accepted = await MeasureAsync(Calls, async i => submitted[i] = await function.SubmitAsync(i));
        foreach (var run in submitted)
        {
            await run.GetResultAsync();
        }

        var ended = Calls / watch.Elapsed.TotalSeconds;
        var round = await MeasureAsync(Calls, async i => await (await function.SubmitAsync(i)).GetResultAsync());
        var single = Stopwatch.StartNew();
        for (var i = 0; i < 100; i++)
        {
            await function.SubmitAsync(i);
        }

        Print($"detached, {AtOnce} at once: {accepted:N0} taken in a second, {ended:N0} to their end, {round:N0} submitted and waited for");
        Print($"attached, {AtOnce} at once: {attached:N0} calls a second; detached and waited for: {100 * round / attached:N1} % of that");
        Print($"one after the other: {single.Elapsed.TotalMilliseconds / 100:N2} ms until one is taken in");
    }

    private static async Task<double> MeasureAsync(int count, Func<int, Task> call)
    {
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (i, _) => await call(i)
        );
        return count / watch.Elapsed.TotalSeconds;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
