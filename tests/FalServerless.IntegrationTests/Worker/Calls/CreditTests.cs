using FalServerless.Protocol;
using FalServerless.Protocol.Worker;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Worker.Calls;

public class CreditTests
{
    [Fact]
    public async Task AStreamWaitsAtTheWindowForItsReader()
    {
        await using var home = new ScriptedHome();
        var call = home.Invoke(() => WorkerBodies.Blocks(100, 50_000));

        await Eventually.TrueAsync(
            () => call.Uncredited > ProtocolLimits.EventWindow - 60_000,
            () => $"{call.Uncredited} bytes have come."
        );
        Assert.Equal(4, await home.Invoke(() => WorkerBodies.TaskOf(4)).ResultAsync());
        Assert.InRange(call.Uncredited, 1, ProtocolLimits.EventWindow);
        Assert.False(call.IsAnswered);

        call.ReadOn();
        await call.ResultAsync();
        Assert.Equal(100, call.Items.Count);
    }

    [Fact]
    public async Task AWriterOfLinesWaitsAtTheWindowForItsReader()
    {
        await using var home = new ScriptedHome();
        var call = home.Invoke(() => WorkerBodies.WriteWithoutEnd(), isConcurrent: true);

        await Eventually.TrueAsync(() => call.Uncredited > ProtocolLimits.EventWindow - 2_000, () => $"{call.Uncredited} bytes have come.");
        var lines = call.Lines.Count;
        Assert.Equal(4, await home.Invoke(() => WorkerBodies.TaskOf(4), isConcurrent: true).ResultAsync());
        Assert.InRange(call.Uncredited, 1, ProtocolLimits.EventWindow);

        call.ReadOn();
        await Eventually.TrueAsync(() => call.Lines.Count > 2 * lines, () => $"{call.Lines.Count} lines have come.");
        call.Cancel();
        Assert.Equal(1, await call.ResultAsync());
    }

    [Theory]
    [InlineData(60_000, 0)]
    [InlineData(70_000, 1)]
    [InlineData(20_000_000, 305)]
    public async Task AResultTravelsInChunksAsItIsRead(int length, int chunks)
    {
        await using var home = new ScriptedHome();
        var call = home.Invoke(() => WorkerBodies.Long(length));
        if (length > ProtocolLimits.EventWindow)
        {
            await Eventually.TrueAsync(
                () => call.Uncredited > ProtocolLimits.EventWindow - ProtocolLimits.Chunk - ProtocolLimits.EventCost,
                () => $"{call.Uncredited} bytes have come."
            );
            Assert.False(call.IsAnswered);
        }

        call.ReadOn();

        Assert.Equal(new string('x', length), await call.ResultAsync());
        Assert.Equal(chunks, call.Frames.Count(kind => kind == WorkerFrameKind.Chunk));
    }

    [Fact]
    public async Task ALargeFailureTravelsInChunks()
    {
        await using var home = new ScriptedHome();
        var call = home.Invoke(() => WorkerBodies.FailWith(300_000));

        Assert.Equal(new string('m', 300_000), Assert.IsType<InvalidOperationException>(await call.FailureAsync()).Message);
        Assert.Contains(WorkerFrameKind.Chunk, call.Frames);
    }

    [Fact]
    public async Task ALineOfAnyLengthFitsIntoTheWindow()
    {
        await using var home = new ScriptedHome();
        var call = home.Invoke(() => WorkerBodies.WriteLong(3_000_000));
        call.ReadOn();

        await call.ResultAsync();

        Assert.Equal(new string('é', 3_000_000), string.Concat(call.Messages));
    }
}
