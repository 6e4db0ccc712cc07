using FalServerless.Protocol.Http;
using FalServerless.Protocol.Worker;
using FalServerless.Tests.Shared.Scripted;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.UnitTests.Runtime.Scheduling;

public class GraceTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task ARunningCallThatIsCancelledEndsAtOnceAndItsWorkerWhenItsGraceIsOver()
    {
        await using var host = await ScriptedHost.StartAsync();
        var (worker, request, posting) = await StartAsync(host);
        var waiting = host.PostAsync(ScriptedHost.Request());

        Assert.Equal(204, await host.DeleteAsync(request.Id));

        using var events = await posting;
        Assert.Equal(RefusalReason.Cancelled, (await events.RefusalAsync()).Reason);
        var cancel = worker.NextControl();
        Assert.Equal((WorkerFrameKind.Cancel, request.Id), (cancel.Kind, cancel.Id));
        host.Time.Advance(Grace - TimeSpan.FromTicks(1));
        Assert.True(worker.IsAlive);
        Assert.False(worker.HasFrame);
        host.Time.Advance(TimeSpan.FromTicks(1));
        await Eventually.TrueAsync(() => !worker.IsAlive, () => "the worker still lives.");

        // The one that takes its place serves the queue, and nobody hears of the worker that was killed.
        var next = host.NextWorker();
        next.Send(WorkerFrameKind.Result, next.NextCall().Id, 3);
        using var served = await waiting;
        Assert.Equal((byte[])[3], (await served.NextAsync()).Payload);
    }

    [Fact]
    public async Task AnAnswerWithinTheGraceFreesTheWorkerAndIsHeardByNobody()
    {
        await using var host = await ScriptedHost.StartAsync();
        var (worker, request, posting) = await StartAsync(host);
        var waiting = host.PostAsync(ScriptedHost.Request());
        await host.DeleteAsync(request.Id);
        using var events = await posting;
        await events.RefusalAsync();
        Assert.True(await events.HasEndedAsync());

        worker.Send(WorkerFrameKind.Result, request.Id, 1);

        worker.Send(WorkerFrameKind.Result, worker.NextCall().Id, 2);
        using var served = await waiting;
        Assert.Equal((byte[])[2], (await served.NextAsync()).Payload);
        host.Time.Advance(Grace);
        Assert.True(worker.IsAlive);
    }

    [Fact]
    public async Task WithoutAGraceTheWorkerIsKilledAtOnce()
    {
        await using var host = await ScriptedHost.StartAsync();
        var (worker, request, posting) = await StartAsync(host, environment => environment with { CancellationGrace = TimeSpan.Zero });

        await host.DeleteAsync(request.Id);

        await Eventually.TrueAsync(() => !worker.IsAlive, () => "the worker still lives.");
        using var events = await posting;
        Assert.Equal(RefusalReason.Cancelled, (await events.RefusalAsync()).Reason);
    }

    [Fact]
    public async Task ATimeoutEndsTheCallInItsOwnWords()
    {
        await using var host = await ScriptedHost.StartAsync();
        var (worker, request, posting) = await StartAsync(host, environment => environment with { Timeout = TimeSpan.FromSeconds(2) });

        host.Time.Advance(TimeSpan.FromSeconds(2));

        using var events = await posting;
        var refusal = await events.RefusalAsync();
        Assert.Equal(RefusalReason.Timeout, refusal.Reason);
        Assert.Contains("did not end within its timeout of 00:00:02", refusal.Message);
        Assert.Equal((WorkerFrameKind.Cancel, request.Id), (worker.NextControl() is var cancel ? cancel.Kind : default, cancel.Id));
    }

    [Fact]
    public async Task AQueuedCallThatIsCancelledNeverReachesAWorker()
    {
        await using var host = await ScriptedHost.StartAsync();
        var (worker, running, first) = await StartAsync(host);
        var queued = ScriptedHost.Request();
        var second = host.PostAsync(queued);
        var last = ScriptedHost.Request();
        var third = host.PostAsync(last);
        await Eventually.TrueAsync(() => host.Live == 3, () => "not all calls have come.");

        Assert.Equal(204, await host.DeleteAsync(queued.Id));

        using var events = await second;
        Assert.Equal(RefusalReason.Cancelled, (await events.RefusalAsync()).Reason);
        worker.Send(WorkerFrameKind.Result, running.Id, 1);
        Assert.Equal(last.Id, worker.NextCall().Id);
        worker.Send(WorkerFrameKind.Result, last.Id, 1);
        using var one = await first;
        using var three = await third;
        Assert.False(worker.HasControl);
    }

    [Fact]
    public async Task ACallThatIsCancelledBeforeItComesDoesNotRun()
    {
        await using var host = await ScriptedHost.StartAsync();
        var request = ScriptedHost.Request();

        Assert.Equal(404, await host.DeleteAsync(request.Id));

        using var events = await host.PostAsync(request);
        Assert.Equal(RefusalReason.Cancelled, (await events.RefusalAsync()).Reason);
        Assert.False(host.HasStartedWorkers);
    }

    [Fact]
    public async Task ASharedWorkerIsKilledWhenItsOtherCallsHaveEndedAndGetsNoNewOnes()
    {
        await using var host = await ScriptedHost.StartAsync();
        var (worker, stuck, first) = await StartAsync(host, Shared);
        var healthy = ScriptedHost.Request(Shared);
        var second = host.PostAsync(healthy);
        var call = worker.NextCall();
        Assert.Equal(healthy.Id, call.Id);
        Assert.True(call.Invoke.IsConcurrent);

        await host.DeleteAsync(stuck.Id);
        Assert.Equal(WorkerFrameKind.Cancel, worker.NextControl().Kind);
        host.Time.Advance(Grace);

        Assert.True(worker.IsAlive);
        var third = host.PostAsync(ScriptedHost.Request(Shared));
        var next = host.NextWorker();
        next.Send(WorkerFrameKind.Result, next.NextCall().Id, 3);
        worker.Send(WorkerFrameKind.Item, healthy.Id, 1);
        worker.Send(WorkerFrameKind.Result, healthy.Id, 2);
        await Eventually.TrueAsync(() => !worker.IsAlive, () => "the worker still lives.");
        Assert.False(worker.HasFrame);
        using var one = await first;
        using var two = await second;
        using var three = await third;
        Assert.Equal((byte[])[1], (await two.NextAsync()).Payload);
        Assert.Equal((byte[])[2], (await two.NextAsync()).Payload);
        Assert.Equal((byte[])[3], (await three.NextAsync()).Payload);
        Assert.Equal(RefusalReason.Cancelled, (await one.RefusalAsync()).Reason);
    }

    [Fact]
    public async Task ACrashFailsEveryCallOfASharedWorker()
    {
        await using var host = await ScriptedHost.StartAsync();
        var (worker, _, first) = await StartAsync(host, Shared);
        var second = host.PostAsync(ScriptedHost.Request(Shared));
        worker.NextCall();

        worker.Dispose();

        foreach (var posting in new[] { first, second })
        {
            using var events = await posting;
            var refusal = await events.RefusalAsync();
            Assert.Equal(RefusalReason.WorkerCrashed, refusal.Reason);
            Assert.Contains($"process {worker.ProcessId}", refusal.Message);
        }
    }

    [Fact]
    public async Task ACallWithoutAKeepAliveSharesItsWorkerWithNone()
    {
        await using var host = await ScriptedHost.StartAsync();
        var (worker, request, posting) = await StartAsync(host, environment => Shared(environment) with { KeepAlive = TimeSpan.Zero });
        var other = ScriptedHost.Request(Shared);
        var second = host.PostAsync(other);

        var next = host.NextWorker();
        Assert.Equal(other.Id, next.NextCall().Id);
        worker.Send(WorkerFrameKind.Result, request.Id, 1);

        Assert.Equal(WorkerFrameKind.Stop, worker.NextControl().Kind);
        next.Send(WorkerFrameKind.Result, other.Id, 1);
        using var one = await posting;
        using var two = await second;
    }

    [Fact]
    public async Task ACallWithoutAKeepAliveGetsAProcessThatNothingHasRunIn()
    {
        await using var host = await ScriptedHost.StartAsync();
        var (worker, request, posting) = await StartAsync(host);
        worker.Send(WorkerFrameKind.Result, request.Id, 1);
        using var one = await posting;
        await one.NextAsync();

        var second = host.PostAsync(ScriptedHost.Request(environment => environment with { KeepAlive = TimeSpan.Zero }));

        var next = host.NextWorker();
        next.Send(WorkerFrameKind.Result, next.NextCall().Id, 2);
        using var two = await second;
        Assert.False(worker.HasFrame);
    }

    private static CallOptions Shared(CallOptions environment) => environment with { CallsPerWorker = 2, MaxWorkers = 2 };

    private static async Task<(ScriptedWorker Worker, InvocationRequest Request, Task<CallEvents> Posting)> StartAsync(
        ScriptedHost host,
        Func<CallOptions, CallOptions>? environment = null
    )
    {
        var request = ScriptedHost.Request(environment);
        var posting = host.PostAsync(request);
        var worker = await Task.Run(host.NextWorker);
        Assert.Equal(request.Id, worker.NextCall().Id);
        return (worker, request, posting);
    }
}
