using System.Diagnostics;
using FalServerless.Protocol.Worker;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Worker.Calls;

public class StreamTests
{
    private const int Million = 1_000_000;

    private static readonly TimeSpan MillionLimit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task ItemsArriveInOrderAndAnEmptyResultEndsThem()
    {
        await using var home = new ScriptedHome();
        var call = home.Invoke(() => WorkerBodies.NumbersLater(1000));

        Assert.Null(await call.ResultAsync());
        Assert.Equal(Enumerable.Range(0, 1000).Cast<object?>(), call.Items);
    }

    [Fact]
    public async Task AnEmptyStreamIsAnEmptyResult()
    {
        await using var home = new ScriptedHome();
        var call = home.Invoke(() => WorkerBodies.Numbers(0));

        Assert.Null(await call.ResultAsync());
        Assert.Equal([WorkerFrameKind.Result], call.Frames);
    }

    [Fact]
    public async Task ItemsBeforeAnExceptionArriveBeforeIt()
    {
        await using var home = new ScriptedHome();
        var call = home.Invoke(() => WorkerBodies.ThrowAfter(10));

        Assert.Equal("after the items", (await call.FailureAsync()).Message);
        Assert.Equal(Enumerable.Range(0, 10).Cast<object?>(), call.Items);
    }

    [Fact]
    public async Task ItemsAndLinesKeepTheirOrder()
    {
        await using var home = new ScriptedHome();
        var call = home.Invoke(() => WorkerBodies.ItemsAndLines(1000));

        await call.ResultAsync();

        Assert.Equal(
            [
                .. Enumerable.Repeat(new[] { WorkerFrameKind.Log, WorkerFrameKind.Item }, 1000).SelectMany(pair => pair),
                WorkerFrameKind.Result,
            ],
            call.Frames
        );
    }

    [Fact]
    public async Task AnItemArrivesThoughItsProducerBlocks()
    {
        await using var home = new ScriptedHome();
        var call = home.Invoke(() => WorkerBodies.OneAndBlock());

        await Eventually.TrueAsync(() => call.Items.Contains(1), () => "The item has not come.");
        Assert.False(call.IsAnswered);
    }

    [Fact]
    public async Task AMillionItemsTakeAFewSecondsOfAProcessor()
    {
        await using var home = new ScriptedHome();
        var watch = Stopwatch.StartNew();
        var call = home.Invoke(() => WorkerBodies.Numbers(Million));
        call.ReadOn();

        await call.ResultAsync();

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Million} items took {watch.Elapsed.TotalSeconds:0.00} s, and the worker {home.ProcessorTime.TotalSeconds:0.00} s of "
                + $"a processor."
        );
        Assert.Equal(Enumerable.Range(0, Million).Cast<object?>(), call.Items);
        Assert.True(home.ProcessorTime < MillionLimit, $"{home.ProcessorTime}");
    }

    [Fact]
    public async Task ALargeItemTravelsInChunks()
    {
        await using var home = new ScriptedHome();
        var call = home.Invoke(() => WorkerBodies.Blocks(3, 200_000));

        await call.ResultAsync();

        Assert.Equal([0, 1, 2], call.Items.Select(item => (int)((byte[])item!)[^1]));
        Assert.All(call.Items, item => Assert.Equal(200_000, ((byte[])item!).Length));
        Assert.Equal(9, call.Frames.Count(kind => kind == WorkerFrameKind.Chunk));
    }
}
