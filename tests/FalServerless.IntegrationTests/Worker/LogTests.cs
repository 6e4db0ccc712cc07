using System.Collections.Concurrent;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Worker;

public class LogTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ALineArrivesWhileTheBodyStillRuns()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("seen");
        var function = Isolated.Create(
            () => Bodies.SayAndWaitFor("hello", file),
            new() { OnLog = entry => File.WriteAllText(file, entry.Message) }
        );

        Assert.True(await function.InvokeAsync(Token));
        Assert.Equal("hello", File.ReadAllText(file));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10_000)]
    public async Task EveryLineArrivesInOrderBeforeTheResult(int count)
    {
        var (lines, log) = Collect();

        await Isolated.Create((int count) => Bodies.WriteLines(0, count), new() { OnLog = log }).InvokeAsync(count, Token);

        Assert.Equal(Enumerable.Range(0, count).Select(i => $"line {i}"), lines.Select(entry => entry.Message));
    }

    [Fact]
    public async Task LinesArriveAsTheyWereWritten()
    {
        var (lines, log) = Collect();

        await Isolated.Create(() => WriteAllKinds(), new() { OnLog = log }).InvokeAsync(Token);

        Assert.Equal(
            [
                "first",
                "second",
                "",
                "a 1 True 2.5 ",
                "x",
                "Grüße, 世界 👋🏽",
                "windows",
                "object System.Object",
                "formatted 7",
                "chars",
                "from a task",
                "awaited",
                new string('l', 100_000),
                "unfinished",
            ],
            lines.Where(entry => entry.Level == LogEntryLevel.Info).Select(entry => entry.Message)
        );
        Assert.Equal(
            ["error", "error unfinished"],
            lines.Where(entry => entry.Level == LogEntryLevel.Error).Select(entry => entry.Message)
        );
        Assert.All(lines, entry => Assert.Equal(LogEntrySource.User, entry.Source));
        Assert.All(
            lines,
            entry =>
                Assert.InRange(entry.Time, TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddMinutes(5))
        );
    }

    [Fact]
    public async Task LinesBeforeAnExceptionArriveBeforeIt()
    {
        var (lines, log) = Collect();

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Isolated.Create(() => WriteAndThrow(), new() { OnLog = log }).InvokeAsync(Token)
        );

        Assert.Equal(["said", "half"], lines.Select(entry => entry.Message));
    }

    [Fact]
    public async Task LinesBeforeACrashArriveBeforeIt()
    {
        var (lines, log) = Collect();

        await Assert.ThrowsAsync<WorkerCrashedException>(() =>
            Isolated.Create(() => WriteAndExit(), new() { OnLog = log }).InvokeAsync(Token)
        );

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"line {i}"), lines.Select(entry => entry.Message));
    }

    [Fact]
    public async Task ConcurrentCallsDoNotMixTheirLines()
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 32),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token },
            async (i, cancellationToken) =>
            {
                var (lines, log) = Collect();
                await Isolated
                    .Create((int from) => Bodies.WriteLines(from, 50), new() { OnLog = log })
                    .InvokeAsync(i * 1000, cancellationToken);
                Assert.Equal(Enumerable.Range(i * 1000, 50).Select(line => $"line {line}"), lines.Select(entry => entry.Message));
            }
        );
    }

    [Fact]
    public async Task WhatACallsThreadWritesAfterItsEndGoesToNoOtherCall()
    {
        using var folder = new TemporaryFolder();
        var (ended, written) = (folder.File("ended"), folder.File("written"));
        var options = new IsolatedOptions { MachineType = "S", MaxWorkers = 44 };
        await Isolated.Create(() => LeaveThread(ended, written), options).InvokeAsync(Token);
        var (lines, log) = Collect();

        var second = Isolated.Create(() => EndAndWaitFor(ended, written), options with { OnLog = log });

        Assert.True(await second.InvokeAsync(Token));
        Assert.Equal(["mine"], lines.Select(entry => entry.Message));
    }

    [Fact]
    public async Task ALogHandlerThatThrowsEndsTheCallWithItsException()
    {
        var function = Isolated.Create(
            () => Bodies.SayAndBlock("line"),
            new()
            {
                MachineType = "S",
                MaxWorkers = 45,
                OnLog = _ => throw new NotSupportedException("handler"),
            }
        );

        Assert.Equal("handler", (await Assert.ThrowsAsync<NotSupportedException>(() => function.InvokeAsync(Token))).Message);
        Assert.Equal(1, await Isolated.Create(() => 1, function.Options).InvokeAsync(Token));
    }

    private static (ConcurrentQueue<LogEntry> Lines, Action<LogEntry> Log) Collect()
    {
        var lines = new ConcurrentQueue<LogEntry>();
        return (lines, lines.Enqueue);
    }

    private static void WriteAllKinds()
    {
        Console.WriteLine("first\nsecond");
        Console.WriteLine();
        Console.Write("a ");
        Console.Write(1);
        Console.Write(' ');
        Console.Write(true);
        Console.Write(" {0} ", "2.5");
        Console.Write('\n');
        Console.Write('x');
        Console.WriteLine();
        Console.WriteLine("Grüße, 世界 👋🏽");
        Console.Write("windows\r\n");
        Console.Write("object ");
        Console.WriteLine(new object());
        Console.WriteLine("formatted {0}", 7);
        Console.Error.WriteLine("error");
        Console.WriteLine("chars".ToCharArray());
        Task.Run(() => Console.WriteLine("from a task")).GetAwaiter().GetResult();
        Console.Out.WriteLineAsync("awaited").GetAwaiter().GetResult();
        Console.WriteLine(new string('l', 100_000));
        Console.Error.Write("error unfinished");
        Console.Write("unfinished");
    }

    private static int WriteAndThrow()
    {
        Console.WriteLine("said");
        Console.Write("half");
        throw new InvalidOperationException();
    }

    private static void WriteAndExit()
    {
        Bodies.WriteLines(0, 100);
        Environment.Exit(1);
    }

    private static void LeaveThread(string ended, string written)
    {
        var thread = new Thread(() =>
        {
            Bodies.WaitFor(ended);
            Console.WriteLine("late");
            File.WriteAllText(written, "");
        })
        {
            IsBackground = true,
        };
        thread.Start();
    }

    private static bool EndAndWaitFor(string ended, string written)
    {
        File.WriteAllText(ended, "");
        var waited = Bodies.WaitFor(written);

        // Give the line the way that it would take, and then some.
        for (var i = 0; i < 20; i++)
        {
            SpinWait.SpinUntil(() => false, TimeSpan.FromMilliseconds(10));
        }

        Console.WriteLine("mine");
        return waited;
    }
}
