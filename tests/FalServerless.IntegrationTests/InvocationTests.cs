using FalServerless.Hosts;
using FalServerless.IntegrationTests.Runtime.Detached;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests;

/// <summary>Detached calls on a host of this program.</summary>
public sealed class InvocationTests : IDisposable
{
    private readonly LocalHost _host = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IsolatedOptions Options => new() { Host = _host };

    public void Dispose()
    {
        _host.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task ADetachedCallGivesItsResultAgainAndAgain()
    {
        var factor = 3;
        var run = await Isolated.Create((int value) => value * factor, Options).SubmitAsync(7, Token);

        Assert.Equal(21, await run.GetResultAsync(Token));
        Assert.Equal(21, await run.GetResultAsync(Token));
        Assert.Equal(InvocationStatus.Succeeded, run.Status);
        Assert.Equal(InvocationStatus.Succeeded, await run.GetStatusAsync(Token));
        Assert.Equal(21, await (await Invocation.FindAsync<int>(run.Id, _host, cancellationToken: Token)).GetResultAsync(Token));
    }

    [Fact]
    public async Task FunctionsAndActionsOfAllInputsAreSubmitted()
    {
        var path = _folder.File("file");
        Assert.Equal(1, await (await Isolated.Create(() => 1, Options).SubmitAsync(Token)).GetResultAsync(Token));
        Assert.Equal(2, await (await Isolated.Create((int a) => a, Options).SubmitAsync(2, Token)).GetResultAsync(Token));
        Assert.Equal(3, await (await Isolated.Create((int a, int b) => a + b, Options).SubmitAsync(1, 2, Token)).GetResultAsync(Token));
        Assert.Equal(
            6,
            await (await Isolated.Create((int a, int b, int c) => a + b + c, Options).SubmitAsync(1, 2, 3, Token)).GetResultAsync(Token)
        );
        Assert.Equal(
            10,
            await (
                await Isolated.Create((int a, int b, int c, int d) => a + b + c + d, Options).SubmitAsync(1, 2, 3, 4, Token)
            ).GetResultAsync(Token)
        );
        await (await Isolated.Create(() => File.AppendAllText(path, "0"), Options).SubmitAsync(Token)).GetResultAsync(Token);
        await (await Isolated.Create((string a) => File.AppendAllText(path, a), Options).SubmitAsync("1", Token)).GetResultAsync(Token);
        await (
            await Isolated.Create((string a, string b) => File.AppendAllText(path, a + b), Options).SubmitAsync("2", "3", Token)
        ).GetResultAsync(Token);
        await (
            await Isolated
                .Create((string a, string b, string c) => File.AppendAllText(path, a + b + c), Options)
                .SubmitAsync("4", "5", "6", Token)
        ).GetResultAsync(Token);
        await (
            await Isolated
                .Create((string a, string b, string c, string d) => File.AppendAllText(path, a + b + c + d), Options)
                .SubmitAsync("7", "8", "9", "x", Token)
        ).GetResultAsync(Token);

        Assert.Equal("0123456789x", File.ReadAllText(path));
    }

    [Fact]
    public async Task WhatTheBodyThrewIsThrownByEachLookAtTheResult()
    {
        var run = await Isolated.Create((int value) => 1 / value, Options).SubmitAsync(0, Token);

        await Assert.ThrowsAsync<DivideByZeroException>(() => run.GetResultAsync(Token));
        await Assert.ThrowsAsync<DivideByZeroException>(() => run.GetResultAsync(Token));
        Assert.Equal(InvocationStatus.Failed, run.Status);
        var found = await Invocation.FindAsync(run.Id, _host, cancellationToken: Token);
        await Assert.ThrowsAsync<DivideByZeroException>(() => found.GetResultAsync(Token));
    }

    [Fact]
    public async Task LinesAreReadFromAnyPointAlsoWhileTheCallRuns()
    {
        var folder = _folder.Path;
        var run = await Isolated
            .Create(ctx => DetachedBodies.NoteAndWaitAsync(folder, "begins", ctx.CancellationToken), Options)
            .SubmitAsync(Token);
        await using (var live = run.GetLogsAsync(cancellationToken: Token).GetAsyncEnumerator(Token))
        {
            Assert.True(await live.MoveNextAsync());
            Assert.Equal("begins", live.Current.Message);
            Assert.Equal(
                "begins",
                Assert.Single(await run.GetLogsAsync(follow: false, cancellationToken: Token).ToListAsync(Token)).Message
            );
            Assert.Equal(InvocationStatus.Running, await run.GetStatusAsync(Token));
            File.WriteAllText(_folder.File("go"), "");
            Assert.False(await live.MoveNextAsync());
        }

        Assert.Equal(7, await run.GetResultAsync(Token));
        var lines = await Isolated.Create(() => DetachedBodies.WriteLines(500), Options).SubmitAsync(Token);
        await lines.GetResultAsync(Token);
        Assert.Equal(
            Enumerable.Range(0, 500).Select(i => $"line {i}"),
            await lines.GetLogsAsync(cancellationToken: Token).Select(line => line.Message).ToListAsync(Token)
        );
        Assert.Equal(
            ["line 498", "line 499"],
            await lines.GetLogsAsync(from: 498, cancellationToken: Token).Select(line => line.Message).ToListAsync(Token)
        );
        Assert.Empty(await lines.GetLogsAsync(from: 500, cancellationToken: Token).ToListAsync(Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => lines.GetLogsAsync(from: -1, cancellationToken: Token));
    }

    [Fact]
    public async Task ACallIsCancelledWhileItWaitsWhileItRunsAndNeverOnceItHasEnded()
    {
        var folder = _folder.Path;
        var function = Isolated.Create(
            (IsolatedContext ctx, string name) => DetachedBodies.NoteAndWaitAsync(folder, name, ctx.CancellationToken),
            new()
            {
                Host = _host,
                MaxWorkers = 1,
                MachineType = "S",
            }
        );
        var running = await function.SubmitAsync("running", Token);
        await Eventually.TrueAsync(() => DetachedBodies.Runs(folder, "running") == 1, () => "it does not run.");
        var queued = await function.SubmitAsync("queued", Token);

        await queued.CancelAsync(Token);
        Assert.Equal(InvocationStatus.Cancelled, queued.Status);
        await running.CancelAsync(Token);
        Assert.Equal(InvocationStatus.Cancelled, running.Status);
        await Assert.ThrowsAsync<OperationCanceledException>(() => running.GetResultAsync(Token));
        await Assert.ThrowsAsync<OperationCanceledException>(() => queued.GetResultAsync(Token));
        Assert.Equal(0, DetachedBodies.Runs(folder, "queued"));

        File.WriteAllText(_folder.File("go"), "");
        var ended = await function.SubmitAsync("ended", Token);
        Assert.Equal(7, await ended.GetResultAsync(Token));
        await ended.CancelAsync(Token);
        Assert.Equal(InvocationStatus.Succeeded, ended.Status);
        Assert.Equal(7, await ended.GetResultAsync(Token));
    }

    [Fact]
    public async Task AStreamIsReadFromItsBeginningByEachReaderAlsoAfterItsEnd()
    {
        var run = await Isolated.Create(() => DetachedBodies.CountAsync(2000, CancellationToken.None), Options).SubmitAsync(Token);

        Assert.Equal(Enumerable.Range(0, 2000), await (await run.GetResultAsync(Token)).ToListAsync(Token));
        Assert.Equal(Enumerable.Range(0, 2000), await (await run.GetResultAsync(Token)).ToListAsync(Token));
        Assert.Equal(InvocationStatus.Succeeded, run.Status);
        Assert.Equal([0, 1, 2], await (await run.GetResultAsync(Token)).Take(3).ToListAsync(Token));
        var error = await Assert.ThrowsAsync<NotSupportedException>(() =>
            Isolated.Create(() => DetachedBodies.CountAsync(1, CancellationToken.None), Options with { Retries = 1 }).SubmitAsync(Token)
        );
        Assert.Contains("Retries", error.Message);
    }

    [Fact]
    public async Task ACallWhoseWorkerCrashedIsRunAgainOnlyIfItsFunctionSaysSo()
    {
        var folder = _folder.Path;
        var function = Isolated.Create((string path) => DetachedBodies.CrashOnce(path), Options);
        var once = await function.SubmitAsync(folder, Token);
        var error = await Assert.ThrowsAsync<WorkerCrashedException>(() => once.GetResultAsync(Token));
        Assert.Equal(3, error.ExitCode);
        Assert.Equal(InvocationStatus.Failed, once.Status);
        Assert.Equal(1, DetachedBodies.Runs(folder, "crash"));

        Array.ForEach(Directory.GetFiles(folder), File.Delete);
        var retried = await function.On(retries: 2).SubmitAsync(folder, Token);
        Assert.Equal(1, await retried.GetResultAsync(Token));
        Assert.Equal(2, DetachedBodies.Runs(folder, "crash"));
        var lines = await retried.GetLogsAsync(cancellationToken: Token).Select(line => line.Message).ToListAsync(Token);
        Assert.Equal(("run 1", "run 2"), (lines[0], lines[^1]));
        Assert.Contains(lines, line => line.Contains("try 2 of 3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatTheBodyThrowsIsNoReasonToRunItAgain()
    {
        var folder = _folder.Path;
        var run = await Isolated.Create((string path) => Throwing(path), Options with { Retries = 3 }).SubmitAsync(folder, Token);

        await Assert.ThrowsAsync<InvalidOperationException>(() => run.GetResultAsync(Token));
        Assert.Equal(1, DetachedBodies.Runs(folder, "throw"));
    }

    [Fact]
    public async Task ACallWaitsForItsWorkerAsLongAsItTakesAndItsTimeBeginsThen()
    {
        using var host = new LocalHost(new Dictionary<string, string> { ["FAL_QUEUE_WAIT"] = "1s" });
        var folder = _folder.Path;
        var function = Isolated.Create(
            (IsolatedContext ctx, string name) => DetachedBodies.NoteAndWaitAsync(folder, name, ctx.CancellationToken),
            new()
            {
                Host = host,
                MaxWorkers = 1,
                MachineType = "S",
            }
        );
        var first = await function.SubmitAsync("first", Token);
        await Eventually.TrueAsync(() => DetachedBodies.Runs(folder, "first") == 1, () => "it does not run.");
        var waits = await function.On(timeout: TimeSpan.FromMilliseconds(500)).SubmitAsync("waits", Token);
        await Assert.ThrowsAsync<QueueFullException>(() => function.InvokeAsync("attached", Token));

        Assert.Equal(InvocationStatus.Queued, await waits.GetStatusAsync(Token));
        await first.CancelAsync(Token);
        await Assert.ThrowsAsync<TimeoutException>(() => waits.GetResultAsync(Token));
        Assert.Equal((1, 0), (DetachedBodies.Runs(folder, "waits"), DetachedBodies.Runs(folder, "attached")));
    }

    [Fact]
    public async Task LargeInputsAndResultsPassThroughFilesAndTheHostStaysSmall()
    {
        const int Size = 64 << 20;
        var bytes = DetachedBodies.Bytes(Size);
        var host = (await _host.RuntimeAsync()).ProcessId;
        var function = Isolated.Create((byte[] given) => given, new() { Host = _host, MachineType = "M" });
        await (await function.SubmitAsync([1, 2, 3], Token)).GetResultAsync(Token);
        var before = ProcessTable.PeakResidentBytes(host);

        var run = await function.SubmitAsync(bytes, Token);
        Assert.True((await run.GetResultAsync(Token)).AsSpan().SequenceEqual(bytes));
        Assert.True((await run.GetResultAsync(Token)).AsSpan().SequenceEqual(bytes));

        Assert.InRange(ProcessTable.PeakResidentBytes(host) - before, 0, Size / 2);
    }

    [Fact]
    public async Task AnIdThatTheHostDoesNotKeepIsAnErrorThatSaysWhatToCheck()
    {
        var id = Guid.NewGuid();

        var error = await Assert.ThrowsAsync<InvocationNotFoundException>(() => Invocation.FindAsync(id, _host, cancellationToken: Token));

        Assert.Equal(id, error.Id);
        Assert.Contains($"{id:n}", error.Message);
        Assert.Contains("another key", error.Message);
    }

    [Fact]
    public async Task AResultOfAnotherTypeIsAnErrorThatNamesBoth()
    {
        var run = await Isolated.Create(() => "text", Options).SubmitAsync(Token);
        await run.GetResultAsync(Token);

        var error = await Assert.ThrowsAsync<ProtocolException>(async () =>
            await (await Invocation.FindAsync<int>(run.Id, _host, cancellationToken: Token)).GetResultAsync(Token)
        );

        Assert.Contains("System.Int32", error.Message);
        await (await Invocation.FindAsync(run.Id, _host, cancellationToken: Token)).GetResultAsync(Token);
    }

    [Fact]
    public async Task MoreCallsThanTheSchedulerTakesWaitInTheStoreAndRunInOrder()
    {
        using var small = new LocalHost(new Dictionary<string, string> { ["FAL_QUEUE_LIMIT"] = "4" });
        var path = _folder.File("order");
        var function = Isolated.Create((int number) => File.AppendAllText(path, $"{number} "), new() { Host = small, MaxWorkers = 1 });
        var runs = new List<Invocation>();
        for (var i = 0; i < 40; i++)
        {
            runs.Add(await function.SubmitAsync(i, Token));
        }

        await Task.WhenAll(runs.Select(run => run.GetResultAsync(Token)));

        Assert.Equal(string.Concat(Enumerable.Range(0, 40).Select(i => $"{i} ")), File.ReadAllText(path));
    }

    [Fact]
    public async Task AHostKeepsNoMoreCallsThanItMayAndThoseThatHaveEndedMakeRoom()
    {
        using var small = new LocalHost(new Dictionary<string, string> { ["FAL_DETACHED_LIMIT"] = "3" });
        var folder = _folder.Path;
        var wait = Isolated.Create(
            (IsolatedContext ctx, string name) => DetachedBodies.NoteAndWaitAsync(folder, name, ctx.CancellationToken),
            new() { Host = small, MaxWorkers = 1 }
        );
        var runs = new List<Invocation<int>>();
        for (var i = 0; i < 3; i++)
        {
            runs.Add(await wait.SubmitAsync($"call {i}", Token));
        }

        var error = await Assert.ThrowsAsync<QueueFullException>(() => wait.SubmitAsync("too many", Token));
        Assert.Contains("FAL_DETACHED_LIMIT", error.Message);
        Assert.Equal(3, error.Limit);

        File.WriteAllText(_folder.File("go"), "");
        await Task.WhenAll(runs.Select(run => run.GetResultAsync(Token)));
        var next = await wait.SubmitAsync("next", Token);
        Assert.Equal(7, await next.GetResultAsync(Token));
        Assert.Equal(1, (await Task.WhenAll(runs.Select(IsGoneAsync))).Count(isGone => isGone));
    }

    [Fact]
    public void RetriesOutOfRangeAreRefusedAtOnce()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new IsolatedOptions { Retries = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new IsolatedOptions { Retries = 101 });
        Assert.Equal(5, Isolated.Create(() => 1, Options).On(retries: 5).Options.Retries);
    }

    private static async Task<bool> IsGoneAsync(Invocation<int> run)
    {
        try
        {
            return await run.GetResultAsync(Token) != 7;
        }
        catch (InvocationNotFoundException)
        {
            return true;
        }
    }

    private static int Throwing(string folder)
    {
        DetachedBodies.Note(folder, "throw");
        throw new InvalidOperationException("As the test wants it.");
    }
}
