using System.Linq.Expressions;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Worker.Calls;

public class CancelTests
{
    [Fact]
    public async Task ABodyThatHeedsItsTokenIsAnsweredAsCancelled()
    {
        using var folder = new TemporaryFolder();
        await using var home = new ScriptedHome();
        var seen = folder.File("seen");
        var call = home.Invoke(() => WorkerBodies.WaitForCancel(seen));
        await Waiting(call);

        call.Cancel();

        Assert.Equal(RefusalReason.Cancelled, (await call.RefusalAsync()).Reason);
        await Eventually.TrueAsync(() => File.Exists(seen), () => "The callback has not run.");
    }

    [Fact]
    public async Task ASynchronousBodyHearsOfItToo()
    {
        await using var home = new ScriptedHome();
        var call = home.Invoke(Expression.Lambda(((Expression<Action>)(() => WorkerBodies.BlockUntilCancelled())).Body));
        await Waiting(call);

        call.Cancel();

        Assert.Equal(RefusalReason.Cancelled, (await call.RefusalAsync()).Reason);
        Assert.Equal(1, await home.Invoke(() => WorkerBodies.TaskOf(1)).ResultAsync());
    }

    [Fact]
    public async Task AnyOtherOutcomeAfterACancellationStaysWhatItIs()
    {
        await using var home = new ScriptedHome();
        var call = home.Invoke(() => WorkerBodies.EndWhenCancelled());
        await Waiting(call);

        call.Cancel();

        Assert.Equal("ended as it liked", await call.ResultAsync());
    }

    [Fact]
    public async Task AStreamStopsAndItsProducerIsDisposed()
    {
        using var folder = new TemporaryFolder();
        await using var home = new ScriptedHome();
        var ended = folder.File("ended");
        var call = home.Invoke(() => WorkerBodies.EndlessOf(ended));
        call.ReadOn();
        await Eventually.TrueAsync(() => call.Items.Count > 100_000, () => $"{call.Items.Count} items have come.");

        call.Cancel();

        Assert.Equal(RefusalReason.Cancelled, (await call.RefusalAsync()).Reason);
        Assert.Equal("cancelled", File.ReadAllText(ended));
    }

    [Fact]
    public async Task WhoWaitsForAReaderThatIsGoneWaitsNoLonger()
    {
        using var folder = new TemporaryFolder();
        await using var home = new ScriptedHome();
        var ended = folder.File("ended");
        var stream = home.Invoke(() => WorkerBodies.EndlessOf(ended));
        await Eventually.TrueAsync(
            () => stream.Uncredited > ProtocolLimits.EventWindow - 100,
            () => $"{stream.Uncredited} bytes have come."
        );
        var result = home.Invoke(() => WorkerBodies.Long(5_000_000));
        await Eventually.TrueAsync(
            () => result.Uncredited > ProtocolLimits.EventWindow - ProtocolLimits.Chunk - ProtocolLimits.EventCost,
            () => $"{result.Uncredited} bytes have come."
        );

        stream.Cancel();
        result.Cancel();

        Assert.Equal(RefusalReason.Cancelled, (await stream.RefusalAsync()).Reason);
        Assert.Equal("cancelled", File.ReadAllText(ended));
        await Eventually.TrueAsync(() => result.IsAnswered, () => "The large result still waits.");

        var lines = home.Invoke(() => WorkerBodies.WriteWithoutEnd());
        await Eventually.TrueAsync(
            () => lines.Uncredited > ProtocolLimits.EventWindow - 2_000,
            () => $"{lines.Uncredited} bytes have come."
        );
        lines.Cancel();
        Assert.Equal(1, await lines.ResultAsync());
    }

    [Fact]
    public async Task ACancellationThatComesBeforeItsCallIsRemembered()
    {
        await using var home = new ScriptedHome();
        var id = Guid.NewGuid();
        home.Cancel(id);
        for (var i = 0; i < 10; i++)
        {
            home.Cancel(Guid.NewGuid());
        }

        // The other connection's frames may be read first: only once a later one has had its effect is the first one known.
        var later = home.Invoke(() => WorkerBodies.EndWhenCancelled());
        later.Cancel();
        await Eventually.TrueAsync(() => later.IsAnswered, () => "The later call has not ended.");
        var call = home.Open((Expression<Func<int>>)(() => Environment.ProcessId), [], isConcurrent: false, int.MaxValue, id);

        Assert.Equal(RefusalReason.Cancelled, (await call.RefusalAsync()).Reason);
    }

    [Fact]
    public async Task ACancellationThatCameBeforeItsCallIsNotRememberedForTheNextOneOfTheSameId()
    {
        await using var home = new ScriptedHome();
        var id = Guid.NewGuid();
        home.Cancel(id);
        var later = home.Invoke(() => WorkerBodies.EndWhenCancelled());
        later.Cancel();
        await Eventually.TrueAsync(() => later.IsAnswered, () => "The later call has not ended.");
        var first = home.Open((Expression<Func<int>>)(() => 7), [], isConcurrent: false, int.MaxValue, id);
        Assert.Equal(RefusalReason.Cancelled, (await first.RefusalAsync()).Reason);

        var again = home.Open((Expression<Func<int>>)(() => 7), [], isConcurrent: false, int.MaxValue, id);

        Assert.Equal(7, await again.ResultAsync());
    }

    private static Task Waiting(ScriptedCall call) =>
        Eventually.TrueAsync(() => call.Messages.Contains("waiting"), () => "The body has not begun.");
}
