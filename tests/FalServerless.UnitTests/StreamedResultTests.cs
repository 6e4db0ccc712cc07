using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Time;
using FalServerless.Tests.Shared.Transport;

namespace FalServerless.UnitTests;

/// <summary>Streams as the caller has them; the host is a fake, so that each byte is the test's.</summary>
public class StreamedResultTests
{
    private static readonly byte[] End = FakeHost.Event(InvocationEventKind.Result);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ItemsComeInOrderAndTheStreamEnds()
    {
        using var host = new FakeHost { Answer = FakeHost.Ok([.. Item(1), .. Item(2), .. Item(3), .. End]) };

        Assert.Equal([1, 2, 3], await Function(host).Invoke().ToListAsync(Token));
        Assert.Equal([1, 2, 3], await (await Function(host).InvokeAsync(Token)).ToListAsync(Token));
        Assert.Empty(host.Cancellations);
    }

    [Fact]
    public async Task NothingIsAskedOfTheHostBeforeTheStreamIsReadAndEachReadingIsACallOfItsOwn()
    {
        using var host = new FakeHost { Answer = FakeHost.Ok([.. Item(1), .. End]) };

        var stream = await Function(host).InvokeAsync(Token);
        Assert.Empty(host.Requests);
        await using var unread = stream.GetAsyncEnumerator(Token);
        Assert.Empty(host.Requests);

        Assert.Equal([1], await stream.ToListAsync(Token));
        Assert.Equal([1], await stream.ToListAsync(Token));
        Assert.Equal(2, host.Invocations.Select(invocation => invocation.Id).Distinct().Count());
        Assert.Equal(2, host.Invocations.Count);
    }

    [Fact]
    public async Task CapturedVariablesAreReadWhenTheFunctionIsCalledAndWhatCannotBeSentIsSaidThen()
    {
        using var host = new FakeHost { Answer = FakeHost.Ok(End) };
        var count = 1;
        object any = 1;
        var counted = Isolated.Create(() => Numbers(count), new() { Host = host });
        var boxed = Isolated.Create(() => Numbers((int)any), new() { Host = host });

        var stream = counted.Invoke();
        count = 2;
        await stream.ToListAsync(Token);
        await counted.Invoke().ToListAsync(Token);
        any = new MemoryStream();

        Assert.Equal([0x91, 1], host.Invocations[0].Payload.ToArray());
        Assert.Equal([0x91, 2], host.Invocations[1].Payload.ToArray());
        Assert.Throws<CaptureException>(() => boxed.Invoke());
    }

    [Fact]
    public async Task AnItemIsThereBeforeTheNextOneIsMadeAndLogsComeWhereTheyBelong()
    {
        var seen = new List<string>();
        var more = new TaskCompletionSource();
        using var host = new FakeHost
        {
            Script = async (_, stream) =>
            {
                await stream.WriteAsync((byte[])[.. FakeHost.Opening, .. FakeHost.Line("first"), .. Item(1)]);
                await more.Task;
                await stream.WriteAsync((byte[])[.. FakeHost.Line("second"), .. Item(2), .. FakeHost.Line("third"), .. End]);
            },
        };

        await foreach (var item in Function(host, entry => seen.Add(entry.Message)).Invoke().WithCancellation(Token))
        {
            seen.Add($"{item}");
            more.TrySetResult();
        }

        Assert.Equal(["first", "1", "second", "2", "third"], seen);
    }

    [Fact]
    public async Task AnErrorAfterItemsArrivesAfterThem()
    {
        var refusal = RefusalCodec.Write(
            new()
            {
                Reason = RefusalReason.WorkerCrashed,
                Message = "It crashed.",
                ExitCode = 7,
            }
        );
        using var host = new FakeHost
        {
            Answer = FakeHost.Ok([.. Item(1), .. Item(2), .. FakeHost.Event(InvocationEventKind.Refusal, refusal)]),
        };
        var seen = new List<int>();

        var error = await Assert.ThrowsAsync<WorkerCrashedException>(async () =>
        {
            await foreach (var item in Function(host).Invoke().WithCancellation(Token))
            {
                seen.Add(item);
            }
        });

        Assert.Equal([1, 2], seen);
        Assert.Equal(7, error.ExitCode);
    }

    [Fact]
    public async Task AReaderThatLeavesEarlyCancelsTheCall()
    {
        using var host = Endless();

        await foreach (var item in Function(host).Invoke().WithCancellation(Token))
        {
            if (item == 3)
            {
                break;
            }
        }

        await IsCancelledAsync(host);
    }

    [Fact]
    public async Task AReaderThatWaitsIsCancelledByTheTokenOfItsCallOrOfItsReading()
    {
        foreach (var ofTheCall in new[] { true, false })
        {
            using var cancellation = new CancellationTokenSource();
            using var host = Endless(items: 3);
            var stream = await Function(host).InvokeAsync(ofTheCall ? cancellation.Token : default);
            await using var reader = stream.GetAsyncEnumerator(ofTheCall ? default : cancellation.Token);
            for (var i = 0; i < 3; i++)
            {
                Assert.True(await reader.MoveNextAsync());
            }

            var waiting = reader.MoveNextAsync();
            Assert.False(waiting.IsCompleted);
            cancellation.Cancel();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.AsTask().WaitAsync(Eventually.Limit, Token));
            await IsCancelledAsync(host);
        }
    }

    [Fact]
    public async Task AReaderThatIsBusyWithAnItemHasItsCallCancelledAtOnce()
    {
        using var cancellation = new CancellationTokenSource();
        using var host = Endless();
        await using var reader = Function(host).Invoke().GetAsyncEnumerator(cancellation.Token);
        Assert.True(await reader.MoveNextAsync());

        cancellation.Cancel();

        await IsCancelledAsync(host);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.MoveNextAsync().AsTask());
        Assert.Single(host.Cancellations);
    }

    [Fact]
    public async Task AHostThatSendsItemsForAValueOrAValueForItemsIsRefused()
    {
        using var items = new FakeHost { Answer = FakeHost.Ok([.. Item(1), .. End]) };
        using var value = new FakeHost { Answer = FakeHost.Ok([.. Item(1), .. FakeHost.Event(InvocationEventKind.Result, 7)]) };

        await Assert.ThrowsAsync<ProtocolException>(() => Isolated.Create(() => 1, new() { Host = items }).InvokeAsync(Token));
        await Assert.ThrowsAsync<ProtocolException>(() => Function(value).Invoke().ToListAsync(Token).AsTask());
    }

    [Fact]
    public async Task AValueTaskIsOneAgainAndATaskIsUnwrapped()
    {
        using var host = new FakeHost { Answer = FakeHost.Ok(FakeHost.Event(InvocationEventKind.Result, 7)) };
        using var nothing = new FakeHost { Answer = FakeHost.Ok(End) };
        System.Linq.Expressions.Expression<Func<Task<int>>> task = () => Task.FromResult(1);
        System.Linq.Expressions.Expression<Func<Task>> taskOnly = () => Task.Delay(1);

        Assert.Equal(7, await Isolated.Create(task, new() { Host = host }).InvokeAsync(Token));
        Assert.Equal(7, await await Isolated.Create(() => new ValueTask<int>(1), new() { Host = host }).InvokeAsync(Token));
        Assert.Equal(7, Isolated.Create(task, new() { Host = host }).Invoke());
        await Isolated.Create(taskOnly, new() { Host = nothing }).InvokeAsync(Token);
        await Assert.ThrowsAsync<ProtocolException>(() => Isolated.Create(taskOnly, new() { Host = host }).InvokeAsync(Token));
    }

    private static IsolatedFunction<IAsyncEnumerable<int>> Function(FakeHost host, Action<LogEntry>? log = null) =>
        Isolated.Create(() => Numbers(1), new() { Host = host, OnLog = log });

    private static byte[] Item(byte value) => FakeHost.Event(InvocationEventKind.Item, value);

    // Sends items, all of them or that many, and then nothing until the client goes.
    private static FakeHost Endless(int items = int.MaxValue) =>
        new()
        {
            IsGone = false,
            Script = async (request, stream) =>
            {
                if (request.IsCancellation)
                {
                    await stream.WriteAsync(FakeHost.NoContent);
                    return;
                }

                await stream.WriteAsync(FakeHost.Opening);
                for (var i = 0; i < items; i++)
                {
                    await stream.WriteAsync(Item((byte)(i % 100)));
                }

                await FakeHost.UntilTheClientGoesAsync(stream);
            },
        };

    private static async Task IsCancelledAsync(FakeHost host)
    {
        await Eventually.TrueAsync(() => host.Cancellations.Count > 0, () => "the host was not told.");
        Assert.StartsWith(Routes.Invocation(host.Invocations.Single().Id), host.Cancellations[0], StringComparison.Ordinal);
    }

    private static async IAsyncEnumerable<int> Numbers(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }
}
