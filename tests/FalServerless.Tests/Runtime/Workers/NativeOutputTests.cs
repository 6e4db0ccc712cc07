using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using FalServerless.Protocol;
using FalServerless.Protocol.Worker;
using FalServerless.Runtime.Workers.Processes;
using FalServerless.Tests.Runtime.Scripted;

namespace FalServerless.Tests.Runtime.Workers;

public class NativeOutputTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("printf 'one\\ntwo\\r\\n\\nthree'", "one|two||three")]
    [InlineData("printf ''", "")]
    [InlineData("printf 'Gr\\303\\274\\303\\237e\\n\\377'", "Grüße|\uFFFD")]
    public async Task AProcessIsHeardLineByLine(string script, string expected)
    {
        var (lines, process) = Listen(script);

        await process.EndAsync();

        Assert.Equal(expected, string.Join('|', lines));
    }

    [Fact]
    public async Task ALineWithoutAnEndComesInPieces()
    {
        const int Count = 100_001;
        var (lines, process) = Listen($"i=0; while [ $i -lt 1000 ]; do printf '%.0s\\303\\251' $(seq 100); i=$((i+1)); done; printf x");

        await process.Exited;
        await process.EndAsync();

        Assert.Equal(Count, string.Concat(lines).Length);
        Assert.Equal(new string('é', Count - 1) + "x", string.Concat(lines));
        Assert.All(lines, line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 1, 32 * 1024));
    }

    [Fact]
    public async Task WhatIsWrittenBeforeADrainIsThereBehindIt()
    {
        using var folder = new TemporaryFolder();
        for (var round = 0; round < 20; round++)
        {
            var written = folder.File($"written{round}");
            var (lines, process) = Listen($"printf 'a\\nb'; touch '{written}'; exec sleep 1000");
            await Eventually.TrueAsync(() => File.Exists(written), () => "nothing is written.");

            process.DrainOutput();

            Assert.Equal(["a", "b"], lines);
            process.Kill();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task LinesOfTheProcessGoToEachOfItsCalls(int calls)
    {
        using var folder = new TemporaryFolder();
        var go = folder.File("go");
        await using var host = await ScriptedHost.StartAsync(
            script: $"while [ ! -e '{go}' ]; do sleep 0.01; done; echo out; echo err >&2; touch '{go}.done'; exec sleep 1000"
        );
        var requests = Enumerable
            .Range(0, calls)
            .Select(_ => ScriptedHost.Request(environment => environment with { CallsPerWorker = calls }))
            .ToArray();
        var posting = requests.Select(host.PostAsync).ToArray();
        var worker = host.NextWorker();
        var running = requests.Select(_ => worker.NextCall().Id).ToArray();

        File.WriteAllText(go, "");
        await Eventually.TrueAsync(() => File.Exists(go + ".done"), () => "nothing is written.");
        foreach (var id in running)
        {
            worker.Send(WorkerFrameKind.Result, id, 1);
        }

        foreach (var one in posting)
        {
            using var events = await one;
            var entries = new[] { await EntryAsync(events), await EntryAsync(events) };
            Assert.Equal(["err", "out"], entries.Select(entry => entry.Message).Order());
            Assert.Equal([LogEntryLevel.Error, LogEntryLevel.Info], entries.OrderBy(entry => entry.Message).Select(entry => entry.Level));
            Assert.Equal(InvocationEventKind.Result, (await events.NextAsync()).Kind);
        }
    }

    [Fact]
    public async Task WhatABodyWritesPastItsConsoleArrivesBeforeItsResult()
    {
        var lines = new ConcurrentQueue<string>();
        var write = Isolated.Create(
            (int call, int count) => WriteNatively(call, count),
            new()
            {
                MachineType = "S",
                MaxWorkers = 46,
                OnLog = entry => lines.Enqueue(entry.Message),
            }
        );
        for (var call = 0; call < 200; call++)
        {
            lines.Clear();

            Assert.Equal(call, await write.InvokeAsync(call, call % 7, Token));

            Assert.Equal([.. Enumerable.Range(0, call % 7).Select(i => $"{call}: {i}"), $"{call} unfinished"], lines);
        }
    }

    [Fact]
    public async Task ManyLinesPastTheConsoleAllArrive()
    {
        var lines = new ConcurrentQueue<string>();
        var write = Isolated.Create(
            (int call, int count) => WriteNatively(call, count),
            new()
            {
                MachineType = "S",
                MaxWorkers = 47,
                OnLog = entry => lines.Enqueue(entry.Message),
            }
        );

        await write.InvokeAsync(1, 200_000, Token);

        Assert.Equal([.. Enumerable.Range(0, 200_000).Select(i => $"1: {i}"), "1 unfinished"], lines);
    }

    internal static int WriteNatively(int call, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Write($"{call}: {i}\n");
        }

        Write($"{call} unfinished");
        return call;
    }

    private static void Write(string text)
    {
        for (var bytes = Encoding.UTF8.GetBytes(text); bytes.Length > 0; )
        {
            bytes = bytes[(int)Write(1, bytes, (nuint)bytes.Length)..];
        }
    }

    [DllImport("libc", EntryPoint = "write")]
    private static extern nint Write(int file, byte[] bytes, nuint count);

    private static async Task<LogEntry> EntryAsync(CallEvents events)
    {
        var (kind, payload) = await events.NextAsync();
        Assert.Equal(InvocationEventKind.Log, kind);
        return LogEntryCodec.Read(new(payload));
    }

    private static (ConcurrentQueue<string> Lines, WorkerProcess Process) Listen(string script)
    {
        var lines = new ConcurrentQueue<string>();
        var started = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", $"read go; {script}"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var process = new WorkerProcess(started) { LinePrinted = (line, _) => lines.Enqueue(line) };
        started.StandardInput.WriteLine("go");
        return (lines, process);
    }
}
