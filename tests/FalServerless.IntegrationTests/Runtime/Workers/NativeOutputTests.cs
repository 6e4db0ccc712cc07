using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using FalServerless.Runtime.Workers.Processes;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Workers;

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
