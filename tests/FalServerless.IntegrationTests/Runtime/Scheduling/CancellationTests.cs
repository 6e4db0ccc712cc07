using System.Diagnostics;
using System.Globalization;
using FalServerless.Hosts;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Scheduling;

public class CancellationTests(ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ACallWhoseTokenIsCancelledBeforeDoesNotRun()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("ran");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Isolated.Create(() => File.WriteAllText(file, "")).InvokeAsync(cancelled.Token)
        );

        Assert.Equal(cancelled.Token, error.CancellationToken);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task ARunningCallThatIsCancelledEndsWithItsWorkerAndTheQueueMovesOn()
    {
        using var cancellation = new CancellationTokenSource();
        var options = new IsolatedOptions { MachineType = "M", MaxWorkers = 1 };
        var worker = new TaskCompletionSource<int>();
        var running = Isolated
            .Create(() => SayProcessAndBlock(), options with { OnLog = entry => worker.TrySetResult(int.Parse(entry.Message)) })
            .InvokeAsync(cancellation.Token);
        var first = await worker.Task.WaitAsync(Eventually.Limit, Token);
        var queued = Enumerable.Range(0, 3).Select(_ => Isolated.Create(() => Environment.ProcessId, options).InvokeAsync(Token)).ToArray();

        cancellation.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromSeconds(5), Token));
        Assert.DoesNotContain(first, await Task.WhenAll(queued).WaitAsync(Eventually.Limit, Token));
        await Eventually.TrueAsync(() => !ProcessTable.IsAlive(first), () => $"the worker {first} is still there.");
    }

    [Fact]
    public async Task ABodyHearsOfItsCancellationAndItsWorkerStays()
    {
        // On a host of its own: elsewhere an idle worker gives way when calls of other tests need its room.
        using var host = new LocalHost();
        using var folder = new TemporaryFolder();
        var told = folder.File("told");
        var options = new IsolatedOptions
        {
            Host = host,
            MachineType = "S",
            MaxWorkers = 1,
        };
        var worker = await Isolated.Create(() => Environment.ProcessId, options).InvokeAsync(Token);
        var delays = new List<double>();
        for (var round = 0; round < 20; round++)
        {
            using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var call = Isolated
                .FromDelegate(
                    (IsolatedContext ctx) =>
                    {
                        Console.WriteLine("started");
                        ctx.CancellationToken.WaitHandle.WaitOne();
                        File.WriteAllText(told + ".part", Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture));
                        File.Move(told + ".part", told);
                    },
                    options with
                    {
                        OnLog = _ => started.TrySetResult(),
                    }
                )
                .InvokeAsync(cancellation.Token);
            await started.Task.WaitAsync(Eventually.Limit, Token);

            var cancelled = Stopwatch.GetTimestamp();
            await cancellation.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
            await Eventually.TrueAsync(() => File.Exists(told), () => "the body has not heard of it.");
            delays.Add(
                Stopwatch
                    .GetElapsedTime(cancelled, long.Parse(await File.ReadAllTextAsync(told, Token), CultureInfo.InvariantCulture))
                    .TotalMilliseconds
            );
            File.Delete(told);
        }

        // Both processes read the same clock.
        delays.Sort();
        output.WriteLine($"From the cancellation to the body: median {delays[delays.Count / 2]:0.0} ms, most {delays[^1]:0.0} ms.");
        Assert.Equal(worker, await Isolated.Create(() => Environment.ProcessId, options).InvokeAsync(Token));
    }

    [Fact]
    public async Task AQueuedCallThatIsCancelledNeverRunsAndTheWorkerStays()
    {
        // The host hears of a cancellation a moment after its client: a worker that becomes free just then may still take the call.
        // So one round of several must show it; if the call were left in the queue, each round would run it.
        var ran = true;
        for (var round = 0; ran && round < 5; round++)
        {
            ran = await QueueAndCancelAsync();
        }

        Assert.False(ran);
    }

    private static async Task<bool> QueueAndCancelAsync()
    {
        // On a host of its own: elsewhere an idle worker gives way when calls of other tests need its room.
        using var host = new LocalHost();
        using var folder = new TemporaryFolder();
        var (ran, go) = (folder.File("ran"), folder.File("go"));
        using var cancellation = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var options = new IsolatedOptions
        {
            Host = host,
            MachineType = "L",
            MaxWorkers = 1,
        };
        var process = Isolated.Create(() => Environment.ProcessId, options);
        var worker = await process.InvokeAsync(Token);
        var running = Isolated
            .Create(() => Bodies.SayAndWaitFor("started", go), options with { OnLog = _ => started.SetResult() })
            .InvokeAsync(Token);
        await started.Task.WaitAsync(Eventually.Limit, Token);
        var queued = Isolated.Create(() => File.WriteAllText(ran, ""), options).InvokeAsync(cancellation.Token);
        var last = process.InvokeAsync(Token);

        // Nothing tells a client that its call is in the queue, nor that it has left it.
        await Task.Delay(TimeSpan.FromMilliseconds(200), Token);
        Assert.False(queued.IsCompleted);

        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued.WaitAsync(TimeSpan.FromSeconds(5), Token));
        await Task.Delay(TimeSpan.FromMilliseconds(200), Token);
        File.WriteAllText(go, "");

        Assert.True(await running);
        Assert.Equal(worker, await last);
        return File.Exists(ran);
    }

    [Fact]
    public async Task ACallBeyondItsTimeoutEndsWithItsWorker()
    {
        var options = new IsolatedOptions { MachineType = "XL", MaxWorkers = 1 };
        var worker = await Isolated.Create(() => Environment.ProcessId, options).InvokeAsync(Token);

        var error = await Assert.ThrowsAsync<TimeoutException>(() =>
            Isolated
                .Create(() => SayProcessAndBlock(), options with { Timeout = TimeSpan.FromMilliseconds(300), OnLog = _ => { } })
                .InvokeAsync(Token)
                .WaitAsync(TimeSpan.FromSeconds(10), Token)
        );

        Assert.Contains("00:00:00.3", error.Message);
        Assert.Contains("Timeout", error.Message);
        Assert.NotEqual(worker, await Isolated.Create(() => Environment.ProcessId, options).InvokeAsync(Token));
        await Eventually.TrueAsync(() => !ProcessTable.IsAlive(worker), () => $"the worker {worker} is still there.");
    }

    [Fact]
    public async Task ATimeoutThatIsOverBeforeTheCallCanStartLeavesNoWorkerBusy()
    {
        var options = new IsolatedOptions { MachineType = "M", MaxWorkers = 2 };
        var hurried = Isolated.Create(() => SayProcessAndBlock(), options with { Timeout = TimeSpan.FromTicks(1), OnLog = _ => { } });

        for (var i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<TimeoutException>(() => hurried.InvokeAsync(Token).WaitAsync(TimeSpan.FromSeconds(10), Token));
        }

        Assert.Equal(5, await Isolated.Create(() => 5, options).InvokeAsync(Token).WaitAsync(Eventually.Limit, Token));
    }

    [Fact]
    public async Task CancellingManyCallsAtRandomTimesLeavesTheHostWhole()
    {
        using var host = new FalServerless.Hosts.LocalHost();
        var random = Printed.Random(of: nameof(CancellingManyCallsAtRandomTimesLeavesTheHostWhole));
        var function = Isolated.Create((int value) => value + 1, new() { Host = host });
        Assert.Equal(2, await function.InvokeAsync(1, Token));
        var delays = Enumerable.Range(0, 100).Select(_ => TimeSpan.FromMicroseconds(random.Next(20_000))).ToArray();

        await Parallel.ForEachAsync(
            delays,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token },
            async (delay, _) =>
            {
                using var cancellation = new CancellationTokenSource(delay);
                try
                {
                    Assert.Equal(8, await function.InvokeAsync(7, cancellation.Token));
                }
                catch (OperationCanceledException) { }
            }
        );

        Assert.Equal(
            Enumerable.Range(1, 20),
            await Task.WhenAll(Enumerable.Range(0, 20).Select(i => function.InvokeAsync(i, Token))).WaitAsync(Eventually.Limit, Token)
        );

        // XS, on however many cores: no more workers than the host may have, and one in reserve, whatever was killed.
        var runtime = (await host.RuntimeAsync()).ProcessId;
        await Eventually.TrueAsync(
            () => ProcessTable.ChildrenOf(runtime).Count <= (Environment.ProcessorCount * 4) + 1,
            () => $"{ProcessTable.ChildrenOf(runtime).Count} workers are there."
        );
    }

    private static void SayProcessAndBlock() => Bodies.SayAndBlock($"{Environment.ProcessId}");
}
