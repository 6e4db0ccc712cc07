using System.CommandLine;
using System.Text.Json.Nodes;
using FalServerless.Internal;
using FalServerless.Tool.Terminal;
using Spectre.Console;

namespace FalServerless.Tool.Data;

/// <summary>
/// An upload or a download, and what is seen of it: a bar on a terminal, a line now and then elsewhere, and at the end what it was.
/// </summary>
internal sealed class DataTransfer
{
    private DataTransfer(string path, SyncProgress total) => (Path, Total) = (path, total);

    /// <summary>Where the files are now.</summary>
    private string Path { get; }

    private SyncProgress Total { get; }

    public static Option<int> ParallelismOption() =>
        NumberOptions.Option(
            "--parallelism",
            "How many connections carry content at once, 1 to 64",
            new SyncOptions().Parallelism,
            least: 1,
            most: 64
        );

    /// <summary>Transfers, shows the progress, and prints what was transferred.</summary>
    /// <param name="verb">What is done.</param>
    /// <param name="json">Whether the output is JSON; then there is no progress without a terminal.</param>
    /// <param name="transfer">Does it.</param>
    public static async Task RunAsync(string verb, bool json, Func<IProgress<SyncProgress>, Task<string>> transfer) =>
        (await TransferAsync(verb, json, transfer)).Print(json);

    private static async Task<DataTransfer> TransferAsync(string verb, bool json, Func<IProgress<SyncProgress>, Task<string>> transfer)
    {
        var last = new Latest();
        if (Console.IsErrorRedirected)
        {
            var lines = json ? (IProgress<SyncProgress>)last : new Lines(verb, last, TimeProvider.System);
            return new(await transfer(lines), last.Value);
        }

        var path = "";
        await Output
            .ErrorTerminal()
            .Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new DownloadedColumn(),
                new TransferSpeedColumn()
            )
            .StartAsync(async context => path = await transfer(new Bar(context.AddTask(verb), last)));
        return new(path, last.Value);
    }

    private void Print(bool json)
    {
        if (json)
        {
            Output.Json(
                new JsonObject
                {
                    ["path"] = Path,
                    ["files"] = Total.FilesTotal,
                    ["bytes"] = Total.BytesTotal,
                    ["sentBytes"] = Total.BytesSent,
                }
            );
        }
        else
        {
            Output.Line(
                $"{Path}: {Plural.Of(Total.FilesTotal, "file")}, {Output.Size(Total.BytesTotal)}, of which "
                    + $"{Output.Size(Total.BytesSent)} had to be sent."
            );
        }
    }

    private sealed class Latest : IProgress<SyncProgress>
    {
        public SyncProgress Value { get; private set; }

        public void Report(SyncProgress value) => Value = value;
    }

    private sealed class Bar(ProgressTask task, Latest last) : IProgress<SyncProgress>
    {
        public void Report(SyncProgress value)
        {
            last.Report(value);
            task.MaxValue = Math.Max(1, value.BytesTotal);
            task.Value = value.BytesTotal == 0 ? 1 : value.BytesDone;
        }
    }

    private sealed class Lines(string verb, Latest last, TimeProvider time) : IProgress<SyncProgress>
    {
        private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

        private long _said = time.GetTimestamp();

        public void Report(SyncProgress value)
        {
            last.Report(value);
            if (time.GetElapsedTime(_said) >= Pause)
            {
                _said = time.GetTimestamp();
                Console.Error.WriteLine(
                    $"{verb}: {value.FilesDone} of {Plural.Of(value.FilesTotal, "file")}, {Output.Size(value.BytesDone)} of "
                        + $"{Output.Size(value.BytesTotal)}."
                );
            }
        }
    }
}
