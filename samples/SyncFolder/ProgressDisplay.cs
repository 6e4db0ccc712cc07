using FalServerless;
using Spectre.Console;

namespace SyncFolder;

/// <summary>Shows how far a sync is: a bar on a terminal, a line each second where the output is piped.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(1);

    public static Task<T> RunAsync<T>(string title, Func<IProgress<SyncProgress>, Task<T>> run) =>
        Console.IsOutputRedirected ? RunWithLinesAsync(title, run) : RunWithBarAsync(title, run);

    private static Task<T> RunWithBarAsync<T>(string title, Func<IProgress<SyncProgress>, Task<T>> run) =>
        AnsiConsole
            .Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var task = context.AddTask(Markup.Escape(title));
                return run(
                    new Reports(progress =>
                    {
                        // An empty folder has nothing to wait for.
                        task.MaxValue = Math.Max(1, progress.BytesTotal);
                        task.Value = progress.BytesTotal == 0 ? 1 : progress.BytesDone;
                        task.Description = Markup.Escape($"{title}: {Line(progress)}");
                    })
                );
            });

    private static async Task<T> RunWithLinesAsync<T>(string title, Func<IProgress<SyncProgress>, Task<T>> run)
    {
        var (last, shown) = (TimeProvider.System.GetTimestamp(), default(SyncProgress));
        var result = await run(
            new Reports(progress =>
            {
                shown = progress;
                if (TimeProvider.System.GetElapsedTime(last) >= LineInterval)
                {
                    last = TimeProvider.System.GetTimestamp();
                    Console.WriteLine($"{title}: {Line(progress)}");
                }
            })
        );
        Console.WriteLine($"{title}: {Line(shown)}, done");
        return result;
    }

    private static string Line(SyncProgress progress) =>
        $"{progress.FilesDone} of {progress.FilesTotal} files, {progress.BytesDone / 1e6:0.0} of {progress.BytesTotal / 1e6:0.0} MB, "
        + $"{progress.BytesPerSecond / 1e6:0.0} MB/s";

    /// <summary>Reports where they are made: <see cref="Progress{T}"/> would bring them late, and out of order.</summary>
    private sealed class Reports(Action<SyncProgress> show) : IProgress<SyncProgress>
    {
        public void Report(SyncProgress value) => show(value);
    }
}
