using System.Diagnostics;
using System.Globalization;
using FalServerless.Hosts;
using FalServerless.IntegrationTests.Runtime.Gateway;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Scheduling;

/// <summary>Calls that are cancelled, run out of time or lose their worker, at each stage of their life.</summary>
public sealed class EndedCallsTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int LeakRounds = 500;

    // By then the host holds what it goes on to hold: 102 MB after 150 rounds, 119 after 650, and 116 to 120 from there to 2,650.
    private const int WarmRounds = 600;

    // That of the calls, and the one in reserve.
    private const int WorkersLeft = 2;
    private const int UploadSize = 4 << 20;
    private const long AllowedGrowth = 16L << 20;

    // A gateway that collects its garbage every 4 MiB: what its memory grows by is kept, and not only not collected yet.
    private readonly LocalHost _host = new(new Dictionary<string, string> { ["DOTNET_GCgen0size"] = "400000" });
    private readonly Random _random = Printed.Random(of: nameof(EndedCallsTests));
    private RunningHost? _wire;
    private int _received;

    public enum Stage
    {
        Uploading,
        Queued,
        Starting,
        Running,
        Streaming,
    }

    public enum End
    {
        Cancel,
        Timeout,
        Kill,
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IsolatedOptions Options =>
        new()
        {
            Host = _host,
            MaxWorkers = 1,
            KeepAlive = TimeSpan.FromMinutes(10),
            CancellationGrace = TimeSpan.FromSeconds(10),
            OnLog = _ => { },
        };

    public static TheoryData<Stage, End> AllEnds()
    {
        var all = new TheoryData<Stage, End>();
        foreach (var stage in Enum.GetValues<Stage>())
        {
            foreach (var end in Enum.GetValues<End>())
            {
                all.Add(stage, end);
            }
        }

        return all;
    }

    public ValueTask InitializeAsync() => (_wire = new(_host)).InitializeAsync();

    public ValueTask DisposeAsync() => _wire!.DisposeAsync();

    [Theory]
    [MemberData(nameof(AllEnds))]
    public async Task ACallThatEndsAtAnyStageGivesItsTypedErrorAndTheNextOneRuns(Stage stage, End end)
    {
        for (var i = 0; i < 3; i++)
        {
            await EndAsync(stage, end);
            await AssertServesAsync();
        }
    }

    [Fact]
    public async Task FiveHundredEndedCallsLeaveNoWorkerAndNoMemoryBehind()
    {
        var runtime = (await _host.RuntimeAsync()).ProcessId;
        await RunRoundsAsync(WarmRounds);
        var before = await MeasureAsync(runtime);

        var watch = Stopwatch.StartNew();
        await RunRoundsAsync(LeakRounds);
        var after = await MeasureAsync(runtime);

        output.WriteLine($"{LeakRounds} rounds in {watch.Elapsed.TotalSeconds:0.0} s. Before: {before}. After: {after}.");
        Assert.True(after.Workers <= WorkersLeft, $"{after.Workers} workers are left.");
        Assert.InRange(after.ResidentBytes, 0, before.ResidentBytes + AllowedGrowth);
        Assert.InRange(after.Descriptors, 0, before.Descriptors + 20);
        Assert.InRange(after.Threads, 0, before.Threads + 10);
    }

    private async Task RunRoundsAsync(int rounds)
    {
        var ends = AllEnds().Select(row => row.Data).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            var (stage, end) = ends[round % ends.Length];
            try
            {
                await EndAsync(stage, end);
            }
            catch (TimeoutException e)
            {
                throw new TimeoutException(
                    $"Round {round}, {stage} {end}, {_received} items, {ThreadPool.ThreadCount} threads, "
                        + $"{ThreadPool.PendingWorkItemCount} waiting for one, with the workers "
                        + $"{string.Join('\n', await _wire!.WorkersAsync())}\n{e}",
                    e
                );
            }
        }

        await AssertServesAsync();
    }

    private async Task AssertServesAsync() =>
        Assert.Equal(3, await Isolated.Create((int value) => value + 1, Options).InvokeAsync(2, Token).WaitAsync(Eventually.Limit, Token));

    // What the gateway holds once everything has settled.
    private static async Task<Footprint> MeasureAsync(int runtime)
    {
        await Eventually.TrueAsync(
            () => ProcessTable.ChildrenOf(runtime).Count <= WorkersLeft,
            () => $"{ProcessTable.ChildrenOf(runtime).Count} workers are left."
        );
        return new(
            ProcessTable.ChildrenOf(runtime).Count,
            ProcessTable.ResidentBytes(runtime),
            Directory.GetFileSystemEntries($"/proc/{runtime}/fd").Length,
            Directory.GetDirectories($"/proc/{runtime}/task").Length
        );
    }

    private async Task EndAsync(Stage stage, End end)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var call = stage switch
        {
            Stage.Uploading => EndUploadAsync(end, cancellation),
            Stage.Queued => EndQueuedAsync(end, cancellation),
            Stage.Starting => EndStartingAsync(end, cancellation),
            Stage.Running => EndRunningAsync(end, cancellation),
            _ => EndStreamAsync(end, cancellation),
        };
        await call.WaitAsync(Eventually.Limit, Token);
    }

    private async Task EndRunningAsync(End end, CancellationTokenSource cancellation)
    {
        var started = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = Options with
        {
            OnLog = entry => started.TrySetResult(int.Parse(entry.Message, CultureInfo.InvariantCulture)),
            Timeout = end == End.Timeout ? TimeSpan.FromMilliseconds(60) : null,
        };
        var call = Isolated.Create(ctx => EndingBodies.SayProcessAndWaitAsync(ctx), options).InvokeAsync(cancellation.Token);
        if (end != End.Timeout)
        {
            await EndNowAsync(end, await BeginningAsync(started.Task, call), cancellation);
        }

        await AssertEndsAsync(end, call);
    }

    private async Task EndStreamAsync(End end, CancellationTokenSource cancellation)
    {
        var options = Options with { Timeout = end == End.Timeout ? TimeSpan.FromMilliseconds(60) : null };
        _received = 0;
        await AssertEndsAsync(end, ReadAsync());

        // The first item was on its way before the call could end.
        Assert.True(end == End.Timeout || _received >= 3, $"{_received} items came.");

        async Task ReadAsync()
        {
            await foreach (
                var process in Isolated
                    .Create(() => EndingBodies.ProcessForEverAsync())
                    .On(
                        _host,
                        maxWorkers: 1,
                        keepAlive: options.KeepAlive,
                        timeout: options.Timeout,
                        cancellationGrace: options.CancellationGrace
                    )
                    .Invoke()
                    .WithCancellation(cancellation.Token)
            )
            {
                if (++_received == 3 && end != End.Timeout)
                {
                    await EndNowAsync(end, process, cancellation);
                }
            }
        }
    }

    private async Task EndQueuedAsync(End end, CancellationTokenSource cancellation)
    {
        using var blocking = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var started = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var blocker = Isolated
            .Create(
                ctx => EndingBodies.SayProcessAndWaitAsync(ctx),
                Options with
                {
                    OnLog = entry => started.TrySetResult(int.Parse(entry.Message, CultureInfo.InvariantCulture)),
                }
            )
            .InvokeAsync(blocking.Token);
        var worker = await BeginningAsync(started.Task, blocker);
        var queued = Isolated
            .Create(() => Environment.ProcessId, Options with { Timeout = end == End.Timeout ? TimeSpan.FromMilliseconds(40) : null })
            .InvokeAsync(cancellation.Token);
        switch (end)
        {
            case End.Cancel:
                cancellation.CancelAfter(TimeSpan.FromMilliseconds(_random.Next(20)));
                await AssertEndsAsync(end, queued);
                break;
            case End.Timeout:
                await AssertEndsAsync(end, queued);
                break;
            default:
                // A call that only waits loses nothing with the worker of another: the next worker runs it.
                ProcessTable.Kill(worker);
                await AssertEndsAsync(end, blocker);
                Assert.NotEqual(worker, await queued);
                return;
        }

        blocking.Cancel();
        await AssertEndsAsync(End.Cancel, blocker);
    }

    private async Task EndStartingAsync(End end, CancellationTokenSource cancellation)
    {
        // A worker that has run a call suits none that wants a process of its own: one is started for it.
        var call = Isolated
            .Create(
                ctx => EndingBodies.SayProcessAndWaitAsync(ctx),
                Options with
                {
                    KeepAlive = TimeSpan.Zero,
                    Timeout = end == End.Timeout ? TimeSpan.FromMilliseconds(_random.Next(1, 20)) : null,
                }
            )
            .InvokeAsync(cancellation.Token);
        switch (end)
        {
            case End.Cancel:
                cancellation.CancelAfter(TimeSpan.FromMilliseconds(_random.Next(20)));
                break;
            case End.Kill:
                await KillWorkersUntilAsync(call);
                break;
        }

        await AssertEndsAsync(end, call, orStart: true);
    }

    private async Task EndUploadAsync(End end, CancellationTokenSource cancellation)
    {
        var input = new byte[UploadSize];
        var call = Isolated
            .Create(
                (IsolatedContext ctx, byte[] bytes) => EndingBodies.SayProcessAndWaitAsync(ctx),
                Options with
                {
                    Timeout = end == End.Timeout ? TimeSpan.FromMilliseconds(_random.Next(1, 6)) : null,
                }
            )
            .InvokeAsync(input, cancellation.Token);
        switch (end)
        {
            case End.Cancel:
                cancellation.CancelAfter(TimeSpan.FromMicroseconds(_random.Next(6_000)));
                break;
            case End.Kill:
                await KillWorkersUntilAsync(call);
                break;
        }

        await AssertEndsAsync(end, call, orStart: true);
    }

    // A call that ends before its body has said anything ends the wait with its own error.
    private static async Task<int> BeginningAsync(Task<int> started, Task call)
    {
        if (await Task.WhenAny(started, call).WaitAsync(Eventually.Limit, Token) == call)
        {
            await call;
        }

        return await started;
    }

    private static Task EndNowAsync(End end, int worker, CancellationTokenSource cancellation)
    {
        if (end == End.Kill)
        {
            ProcessTable.Kill(worker);
            return Task.CompletedTask;
        }

        return cancellation.CancelAsync();
    }

    private async Task KillWorkersUntilAsync(Task call)
    {
        var runtime = (await _host.RuntimeAsync()).ProcessId;
        var killed = new HashSet<int>();
        while (!call.IsCompleted)
        {
            foreach (var worker in ProcessTable.ChildrenOf(runtime))
            {
                ProcessTable.Kill(worker);
                killed.Add(worker);
            }

            await Task.WhenAny(call, Task.Delay(TimeSpan.FromMilliseconds(5), Token));
        }

        // One that the host has not missed yet would take the next call with it; one that was killed while it started, the call that has
        // begun to wait for it.
        await _wire!.WorkersAsync(workers => !workers.Any(worker => killed.Contains(worker.ProcessId)));
        for (var tries = 1; await Record.ExceptionAsync(AssertServesAsync) is { } error; tries++)
        {
            Assert.True(error is WorkerCrashedException or HostUnreachableException && tries < 20, $"{error}");
        }
    }

    // A worker that is killed before it was ready has not crashed in the call: the host says that it could not start one.
    private static async Task AssertEndsAsync(End end, Task call, bool orStart = false)
    {
        var error = await Record.ExceptionAsync(() => call.WaitAsync(Eventually.Limit, Token));
        switch (end)
        {
            case End.Cancel:
                Assert.IsAssignableFrom<OperationCanceledException>(error);
                break;
            case End.Timeout:
                Assert.IsType<TimeoutException>(error);
                Assert.Contains("Timeout", error.Message);
                break;
            default:
                Assert.True(error is WorkerCrashedException || (orStart && error is HostUnreachableException), $"{error}");
                break;
        }
    }

    private sealed record Footprint(int Workers, long ResidentBytes, int Descriptors, int Threads);
}
