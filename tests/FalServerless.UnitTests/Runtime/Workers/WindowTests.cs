using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Protocol.Worker;
using FalServerless.Tests.Shared.Scripted;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.UnitTests.Runtime.Workers;

public class WindowTests
{
    private const int Piece = 64 << 10;
    private const int Cost = Piece + ProtocolLimits.EventCost;

    [Fact]
    public async Task AWorkerGetsCreditForWhatItsCallerHasTaken()
    {
        await using var host = await ScriptedHost.StartAsync();
        var posting = host.PostAsync(ScriptedHost.Request());
        var worker = host.NextWorker();
        var call = worker.NextCall();
        for (var i = 0; i < 3; i++)
        {
            worker.Send(WorkerFrameKind.Chunk, call.Id, new byte[Piece]);
        }

        using var events = await posting;
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Piece, (await events.NextAsync()).Payload.Length);
        }

        Assert.False(worker.HasControl);
        worker.Send(WorkerFrameKind.Item, call.Id, new byte[Piece + 1]);
        Assert.Equal((4 * Cost) + 1, worker.NextCredit(call.Id));
        worker.Send(WorkerFrameKind.Result, call.Id);
    }

    [Fact]
    public async Task ACallerThatDoesNotReadGivesNoMoreCreditThanItsConnectionHolds()
    {
        await using var host = await ScriptedHost.StartAsync();
        var posting = host.PostAsync(ScriptedHost.Request());
        var worker = host.NextWorker();
        var call = worker.NextCall();
        var sent = 0;
        var credited = 0;
        worker.Send(WorkerFrameKind.Item, call.Id, 0);
        using var events = await posting;

        // As a worker does: it sends while its window lasts, and waits for credit then.
        while (true)
        {
            if (sent + Cost - credited <= ProtocolLimits.EventWindow)
            {
                worker.Send(WorkerFrameKind.Item, call.Id, new byte[Piece]);
                sent += Cost;
            }
            else if (worker.TryNextCredit(call.Id, 500) is { } credit)
            {
                credited += credit;
            }
            else
            {
                break;
            }
        }

        Assert.InRange(sent, ProtocolLimits.EventWindow, 4 << 20);
        await events.NextAsync();
        for (var read = 0; read < sent; read += Cost)
        {
            Assert.Equal(Piece, (await events.NextAsync()).Payload.Length);
        }

        Assert.True(worker.NextCredit(call.Id) > 0);
    }

    [Fact]
    public async Task AWorkerThatSendsBeyondItsWindowGoes()
    {
        await using var host = await ScriptedHost.StartAsync();
        var posting = host.PostAsync(ScriptedHost.Request());
        var worker = host.NextWorker();
        var call = worker.NextCall();
        worker.Send(WorkerFrameKind.Item, call.Id, 0);
        using var events = await posting;
        try
        {
            for (var sent = 0; sent < 64 << 20; sent += Piece)
            {
                worker.Send(WorkerFrameKind.Item, call.Id, new byte[Piece]);
            }
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or ObjectDisposedException) { }

        await Eventually.TrueAsync(() => !worker.IsAlive, () => "the worker still lives.");
        var kind = InvocationEventKind.Item;
        while (kind == InvocationEventKind.Item)
        {
            (kind, _) = await events.NextAsync();
        }

        Assert.Equal(InvocationEventKind.Refusal, kind);
    }

    [Fact]
    public async Task ACancelledCallThatStillWritesGetsCreditForWhatNobodyReads()
    {
        await using var host = await ScriptedHost.StartAsync();
        var request = ScriptedHost.Request();
        var posting = host.PostAsync(request);
        var worker = host.NextWorker();
        var call = worker.NextCall();
        await host.DeleteAsync(request.Id);
        using var events = await posting;
        await events.RefusalAsync();
        Assert.Equal(WorkerFrameKind.Cancel, worker.NextControl().Kind);

        for (var i = 0; i < 40; i++)
        {
            worker.Send(WorkerFrameKind.Log, call.Id, new byte[Piece]);
            if (i % 4 == 3)
            {
                Assert.Equal(4 * Cost, worker.NextCredit(call.Id));
            }
        }
    }

    [Theory]
    [InlineData((byte)WorkerFrameKind.Hello, 10)]
    [InlineData((byte)WorkerFrameKind.Input, 10)]
    [InlineData((byte)WorkerFrameKind.Cancel, 0)]
    [InlineData((byte)WorkerFrameKind.Item, ProtocolLimits.MaximumEvent + 1)]
    public async Task AWorkerThatSendsWhatNoWorkerDoesGoesAndItsCallHearsOfIt(byte kind, int length)
    {
        await using var host = await ScriptedHost.StartAsync();
        var posting = host.PostAsync(ScriptedHost.Request());
        var worker = host.NextWorker();
        var call = worker.NextCall();
        try
        {
            worker.Send((WorkerFrameKind)kind, call.Id, new byte[length]);
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or ObjectDisposedException) { }

        using var events = await posting;
        Assert.Equal(RefusalReason.WorkerCrashed, (await events.RefusalAsync()).Reason);
        Assert.False(worker.IsAlive);
    }
}
