using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Time;
using FalServerless.Tests.Shared.Transport;

namespace FalServerless.UnitTests.Transport;

/// <summary>A connection that breaks: the request is repeated under its id, and the body runs once.</summary>
public class RepeatedRequestTests
{
    private static readonly TimeSpan[] Delays = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ABrokenRequestIsRepeatedUnderItsIdWithItsAgeAndPayload()
    {
        using var host = Breaking(times: 3, []);

        Assert.Equal(7, await Isolated.Create((int value) => value, new() { Host = host }).InvokeAsync(5, Token));

        var sent = host.Invocations;
        Assert.Equal(4, sent.Count);
        Assert.Single(sent.Select(invocation => invocation.Id).Distinct());
        Assert.Null(sent[0].Age);
        Assert.All(sent.Skip(1), invocation => Assert.InRange(invocation.Age!.Value, TimeSpan.FromMilliseconds(1), Eventually.Limit));
        Assert.Equal(sent.Skip(1).OrderBy(invocation => invocation.Age), sent.Skip(1));
        Assert.All(sent, invocation => Assert.Equal([0x91, 5], System.Buffers.BuffersExtensions.ToArray(invocation.Payload)));
        Assert.All(sent, invocation => Assert.Equal(0, invocation.Received));
        Assert.Empty(host.Cancellations);
    }

    [Fact]
    public async Task ABrokenStreamGoesOnBehindWhatHasCome()
    {
        var lines = new List<string>();
        var attempt = 0;
        using var host = new FakeHost(new HurriedTime())
        {
            IsGone = false,
            Script = (_, stream) =>
                stream
                    .WriteAsync(
                        attempt++ switch
                        {
                            0 => Cut([.. FakeHost.Line("first"), .. Item(1), .. FakeHost.Event(InvocationEventKind.Chunk, 0xcd), 9, 9]),
                            1 => Cut([.. FakeHost.Event(InvocationEventKind.Item, 1, 0), .. FakeHost.Line("second")]),
                            _ => FakeHost.Ok([.. Item(3), .. FakeHost.Event(InvocationEventKind.Result)]),
                        }
                    )
                    .AsTask(),
        };

        Assert.Equal([1, 256, 3], await Stream(host, lines).ToListAsync(Token));

        Assert.Equal(["first", "second"], lines);
        Assert.Equal([0, 3, 5], host.Invocations.Select(invocation => invocation.Received));
        Assert.Single(host.Invocations.Select(invocation => invocation.Id).Distinct());
    }

    [Fact]
    public async Task AfterThreeRepetitionsWithoutAnEventTheHostIsUnreachable()
    {
        var time = new HurriedTime();
        using var host = new FakeHost(time) { IsGone = false };

        var error = await Assert.ThrowsAsync<HostUnreachableException>(() =>
            Isolated.Create(() => 1, new() { Host = host }).InvokeAsync(Token)
        );

        Assert.Contains("It is a fake.", error.Message);
        Assert.Equal(4, host.Invocations.Count);
        Assert.Equal(Delays, time.Timers.Take(3));
    }

    [Fact]
    public async Task EachEventGivesTheConnectionThreeMoreChances()
    {
        var attempt = 0;
        using var host = new FakeHost(new HurriedTime())
        {
            IsGone = false,
            Script = (_, stream) =>
                stream
                    .WriteAsync(
                        ++attempt == 21 ? FakeHost.Ok(FakeHost.Event(InvocationEventKind.Result)) : Cut(attempt % 3 == 0 ? Item(1) : [])
                    )
                    .AsTask(),
        };

        Assert.Equal(6, (await Stream(host, []).ToListAsync(Token)).Count);
        Assert.Equal(21, host.Invocations.Count);
    }

    [Fact]
    public async Task AHostThatIsGoneIsNotAskedAgain()
    {
        using var host = new FakeHost();

        await Assert.ThrowsAsync<HostUnreachableException>(() => Isolated.Create(() => 1, new() { Host = host }).InvokeAsync(Token));

        Assert.Single(host.Invocations);
        Assert.Empty(host.Cancellations);
    }

    [Fact]
    public async Task ARepeatedRequestThatIsRefusedIsNotRunAnew()
    {
        var attempt = 0;
        using var host = new FakeHost(new HurriedTime())
        {
            IsGone = false,
            Script = (_, stream) =>
                stream.WriteAsync(attempt++ == 0 ? [] : FakeHost.Refused("503 Service Unavailable", RefusalReason.Host)).AsTask(),
        };

        var error = await Assert.ThrowsAsync<HostUnreachableException>(() =>
            Isolated.Create(() => 1, new() { Host = host }).InvokeAsync(Token)
        );

        Assert.Equal("As the test wants it.", error.Message);
        Assert.Equal(2, host.Invocations.Count);
    }

    [Fact]
    public async Task ACallThatIsCancelledWhileItWaitsToRepeatEndsAndTheHostIsTold()
    {
        using var cancellation = new CancellationTokenSource();
        using var host = Breaking(times: int.MaxValue, []);
        var call = Isolated.Create(() => 1, new() { Host = host }).InvokeAsync(cancellation.Token);
        await Eventually.TrueAsync(() => host.Invocations.Count > 0, () => "nothing was posted.");

        cancellation.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Eventually.TrueAsync(() => host.Cancellations.Count > 0, () => "the host was not told.");
    }

    private static async IAsyncEnumerable<int> Count(string path, int count)
    {
        await File.AppendAllTextAsync(path, $"{count}\n");
        for (var i = 0; i < count; i++)
        {
            yield return i;
        }
    }

    private static IAsyncEnumerable<int> Stream(FakeHost host, List<string> lines) =>
        Isolated.Create(() => Count("", 1), new() { Host = host, OnLog = entry => lines.Add(entry.Message) }).Invoke();

    private static byte[] Item(byte value) => FakeHost.Event(InvocationEventKind.Item, value);

    // A response that breaks off.
    private static byte[] Cut(byte[] events) => FakeHost.Http("200 OK", "Content-Length: 1000000\r\n", events);

    private static FakeHost Breaking(int times, byte[] answer)
    {
        var broken = 0;
        return new(new HurriedTime())
        {
            IsGone = false,
            Script = (request, stream) =>
                stream
                    .WriteAsync(
                        request.IsCancellation ? FakeHost.NoContent
                        : broken++ < times ? answer
                        : FakeHost.Ok(FakeHost.Event(InvocationEventKind.Result, 7))
                    )
                    .AsTask(),
        };
    }
}
