using System.Linq.Expressions;
using FalServerless.Protocol.Http;
using FalServerless.Protocol.Worker;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Worker.Calls;

public class InputTests
{
    private static readonly Expression<Func<byte[], int>> Length = bytes => WorkerBodies.LengthOf(bytes);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ACallBeginsOnceItsWholePayloadIsThere(bool isConcurrent)
    {
        await using var home = new ScriptedHome();
        var call = home.Open(Length, [new byte[300_000]], isConcurrent, firstBytes: 10);
        var other = home.Open(Length, [new byte[1000]], isConcurrent, firstBytes: 0);

        call.Input(10..100_000);
        other.Input(0..);
        Assert.Equal(1000, await other.ResultAsync());
        Assert.False(call.IsAnswered);
        call.Input(100_000..);

        Assert.Equal(300_000, await call.ResultAsync());
    }

    [Fact]
    public async Task ACancelledCallWithoutItsWholePayloadIsDroppedAndAnswered()
    {
        await using var home = new ScriptedHome();
        var call = home.Open(Length, [new byte[300_000]], isConcurrent: false, firstBytes: 10);
        await Eventually.TrueAsync(
            () =>
            {
                call.Cancel();
                return call.IsAnswered;
            },
            () => "The call has no answer."
        );

        Assert.Equal(RefusalReason.Cancelled, (await call.RefusalAsync()).Reason);
        call.Input(10..200_000);
        call.Input(200_000..);
        Assert.Equal(3, await home.Invoke(() => WorkerBodies.TaskOf(3)).ResultAsync());
        Assert.Equal([WorkerFrameKind.Refusal], call.Frames);
    }

    [Fact]
    public async Task MorePayloadThanAnnouncedEndsTheWorker()
    {
        await using var home = new ScriptedHome();
        var call = home.Open(Length, [new byte[300_000]], isConcurrent: false, firstBytes: 10);

        call.Input(10..300_000);
        call.Input(10..300_000);

        await Eventually.TrueAsync(() => home.HasExited, () => "The worker goes on.");
        Assert.Empty(call.Frames);
    }
}
