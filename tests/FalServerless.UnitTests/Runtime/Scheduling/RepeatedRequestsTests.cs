using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Protocol.Worker;
using FalServerless.Tests.Shared.Scripted;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.UnitTests.Runtime.Scheduling;

public class RepeatedRequestsTests
{
    private static readonly TimeSpan JustNow = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task ARepetitionGoesOnBehindTheEventsThatItsCallerHas()
    {
        await using var host = await ScriptedHost.StartAsync();
        var request = ScriptedHost.Request();
        var posting = host.PostAsync(request);
        var worker = host.NextWorker();
        var call = worker.NextCall();
        for (byte i = 0; i < 5; i++)
        {
            worker.Send(WorkerFrameKind.Item, call.Id, i);
        }

        using (var broken = await posting)
        {
            for (byte i = 0; i < 5; i++)
            {
                Assert.Equal((byte[])[i], (await broken.NextAsync()).Payload);
            }
        }

        worker.Send(WorkerFrameKind.Item, call.Id, 5);
        using var again = await host.PostAsync(request with { Age = JustNow, Received = 3 });
        worker.Send(WorkerFrameKind.Result, call.Id);

        foreach (var expected in new byte[] { 3, 4, 5 })
        {
            Assert.Equal((byte[])[expected], (await again.NextAsync()).Payload);
        }

        Assert.Equal(InvocationEventKind.Result, (await again.NextAsync()).Kind);
        Assert.True(await again.HasEndedAsync());
        Assert.False(worker.HasControl);
    }

    [Fact]
    public async Task ARepetitionTakesTheCallFromAConnectionThatStillStands()
    {
        await using var host = await ScriptedHost.StartAsync();
        var request = ScriptedHost.Request();
        var posting = host.PostAsync(request);
        var worker = host.NextWorker();
        var call = worker.NextCall();
        worker.Send(WorkerFrameKind.Item, call.Id, 1);
        using var first = await posting;
        await first.NextAsync();

        var again = host.PostAsync(request with { Age = JustNow, Received = 1 });

        await Assert.ThrowsAnyAsync<Exception>(first.NextAsync);
        worker.Send(WorkerFrameKind.Result, call.Id, 2);
        using var second = await again;
        Assert.Equal((byte[])[2], (await second.NextAsync()).Payload);
    }

    [Fact]
    public async Task TheOutcomeOfAnEndedCallIsGivenAgainForAWhile()
    {
        await using var host = await ScriptedHost.StartAsync();
        var request = ScriptedHost.Request();
        var worker = await RunAsync(host, request, [1, 2, 3]);

        for (var time = TimeSpan.Zero; time <= TimeSpan.FromSeconds(30); time += TimeSpan.FromSeconds(15))
        {
            using var again = await host.PostAsync(request with { Age = JustNow });
            Assert.Equal((byte[])[1, 2, 3], (await again.NextAsync()).Payload);
            Assert.True(await again.HasEndedAsync());
            host.Time.Advance(TimeSpan.FromSeconds(15));
        }

        // Forgotten by now. It was sent when the host already remembered no more.
        using var late = await host.PostAsync(request with { Age = TimeSpan.FromSeconds(45) });
        AssertLost(late, await late.RefusalAsync());
        Assert.False(worker.HasFrame);
    }

    [Fact]
    public async Task AnEndedCallWhoseResultIsNoLongerHereIsNotRunAgain()
    {
        await using var host = await ScriptedHost.StartAsync();
        var request = ScriptedHost.Request();
        var worker = await RunAsync(host, request, new byte[ProtocolLimits.Chunk + 1]);

        using var again = await host.PostAsync(request with { Age = JustNow });

        var refusal = await again.RefusalAsync();
        AssertLost(again, refusal);
        Assert.Contains("its result is no longer here; it was not run again", refusal.Message);
        Assert.False(worker.HasFrame);
    }

    [Fact]
    public async Task ACallThatNeverArrivedIsRunByItsRepetition()
    {
        await using var host = await ScriptedHost.StartAsync();
        host.Time.Advance(TimeSpan.FromSeconds(5));

        await RunAsync(host, ScriptedHost.Request() with { Age = TimeSpan.FromSeconds(4) }, [1]);
    }

    [Fact]
    public async Task ARepetitionOlderThanTheHostsMemoryIsNotRun()
    {
        await using var host = await ScriptedHost.StartAsync();
        host.Time.Advance(TimeSpan.FromSeconds(5));

        using var events = await host.PostAsync(ScriptedHost.Request() with { Age = TimeSpan.FromSeconds(6) });

        AssertLost(events, await events.RefusalAsync());
        Assert.False(host.HasStartedWorkers);
    }

    [Fact]
    public async Task AnIdThatIsKnownIsRefusedUnlessTheRequestIsARepetition()
    {
        await using var host = await ScriptedHost.StartAsync();
        var request = ScriptedHost.Request();
        var posting = host.PostAsync(request);
        var worker = host.NextWorker();
        var call = worker.NextCall();

        for (var round = 0; round < 2; round++)
        {
            using var forged = await host.PostAsync(request);
            var refusal = await forged.RefusalAsync();
            Assert.Equal((400, RefusalReason.Protocol), (forged.Status, refusal.Reason));
            Assert.Contains("known", refusal.Message);
            worker.Send(WorkerFrameKind.Result, call.Id, 1);
            using var events = await posting;
        }

        Assert.False(worker.HasFrame);
    }

    [Fact]
    public async Task ACallThatNobodyComesBackToIsCancelled()
    {
        await using var host = await ScriptedHost.StartAsync();
        var request = ScriptedHost.Request();
        var posting = host.PostAsync(request);
        var worker = host.NextWorker();
        var call = worker.NextCall();
        worker.Send(WorkerFrameKind.Item, call.Id, 1);
        using (var broken = await posting)
        {
            await broken.NextAsync();
        }

        await Eventually.TrueAsync(() => host.Time.HasTimer(TimeSpan.FromSeconds(1)), () => "the host has not noticed.");
        host.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(worker.HasControl);
        for (var i = 0; i < 3; i++)
        {
            host.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var cancel = worker.NextControl();
        Assert.Equal((WorkerFrameKind.Cancel, call.Id), (cancel.Kind, cancel.Id));
        using var late = await host.PostAsync(request with { Age = TimeSpan.FromSeconds(12), Received = 1 });
        Assert.Contains("the caller did not come back", (await late.RefusalAsync()).Message);
    }

    private static void AssertLost(CallEvents events, Refusal refusal)
    {
        Assert.Equal((410, RefusalReason.Host), (events.Status, refusal.Reason));
        Assert.Contains("not run again", refusal.Message);
    }

    private static async Task<ScriptedWorker> RunAsync(ScriptedHost host, InvocationRequest request, byte[] result)
    {
        var posting = host.PostAsync(request);
        var worker = host.NextWorker();
        worker.Send(WorkerFrameKind.Result, worker.NextCall().Id, result);
        using var events = await posting;
        Assert.Equal(result, (await events.NextAsync()).Payload);
        Assert.True(await events.HasEndedAsync());
        return worker;
    }
}
