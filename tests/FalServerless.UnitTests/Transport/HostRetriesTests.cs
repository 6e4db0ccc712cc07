using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Time;
using FalServerless.Tests.Shared.Transport;

namespace FalServerless.UnitTests.Transport;

/// <summary>What is sent again, because nothing of it has run.</summary>
public class HostRetriesTests
{
    private static readonly byte[] Result = FakeHost.Ok(FakeHost.Event(InvocationEventKind.Result, 7));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("429 Too Many Requests")]
    [InlineData("503 Service Unavailable")]
    public async Task ACallThatIsTooManyNowIsSentAgainWhenTheHostSays(string status)
    {
        var time = new HurriedTime();
        using var server = new FakeServer
        {
            Answers = [Refused(status, RefusalReason.QueueFull, 3), Refused(status, RefusalReason.QueueFull, 3), Result],
        };

        Assert.Equal(7, await CallAsync(server.Host(connection => connection with { Time = time })));

        var sent = server.Requests.Select(request => request.Invocation).ToArray();
        Assert.Equal(3, sent.Length);
        Assert.Single(sent.Select(invocation => invocation.Id).Distinct());

        // It did not run, so it is as new each time.
        Assert.All(sent, invocation => Assert.Null(invocation.Age));
        Assert.Equal(2, time.Timers.Count(due => due == TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public async Task ACallWhoseConnectionBreaksWasPerhapsReceivedAndSaysSoWhenItIsSentAgain()
    {
        using var server = new FakeServer
        {
            Answers =
            [
                [],
                Refused("503 Service Unavailable", RefusalReason.Host),
                Result,
            ],
        };

        Assert.Equal(7, await CallAsync(server.Host()));

        var sent = server.Requests.Select(request => request.Invocation).ToArray();
        Assert.Equal([false, true, true], sent.Select(invocation => invocation.Age is not null));
        Assert.Single(sent.Select(invocation => invocation.Id).Distinct());
    }

    [Fact]
    public async Task ADateToComeBackAtIsKeptToo()
    {
        var time = new HurriedTime();
        var at = TimeProvider.System.GetUtcNow().AddSeconds(15);
        using var server = new FakeServer
        {
            Answers = [FakeHost.Http("503 Service Unavailable", $"Retry-After: {at:R}\r\nContent-Length: 0\r\n", []), Result],
        };

        Assert.Equal(7, await CallAsync(server.Host(connection => connection with { Time = time })));

        Assert.Contains(time.Timers, due => due > TimeSpan.FromSeconds(5) && due <= TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task WithoutAWordOfTheHostTheWaitsGrow()
    {
        var time = new HurriedTime();
        using var server = new FakeServer { Answers = [Refused("429 Too Many Requests", RefusalReason.QueueFull)] };

        await Assert.ThrowsAsync<QueueFullException>(() => CallAsync(server.Host(connection => connection with { Time = time })));

        Assert.Equal(4, server.Requests.Count);
        Assert.Equal(3, time.Timers.Count(due => due > TimeSpan.Zero && due <= TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task AHostThatAsksForALongWaitIsNotWaitedForAndItsAnswerIsPassedOn()
    {
        using var server = new FakeServer { Answers = [Refused("429 Too Many Requests", RefusalReason.QueueFull, 21)] };

        var error = await Assert.ThrowsAsync<QueueFullException>(() => CallAsync(server.Host()));

        Assert.Equal("As the test wants it.", error.Message);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("400 Bad Request")]
    [InlineData("500 Internal Server Error")]
    [InlineData("502 Bad Gateway")]
    [InlineData("504 Gateway Timeout")]
    public async Task OtherAnswersAreNotAskedForAgain(string status)
    {
        using var server = new FakeServer { Answers = [FakeHost.Http(status, "Content-Length: 0\r\n", [])] };

        var error = await Assert.ThrowsAsync<HostUnreachableException>(() => CallAsync(server.Host()));

        Assert.Contains(status[..3], error.Message);
        Assert.Equal(HostUnreachableCause.Unavailable, error.Cause);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task ARedirectIsNotFollowed()
    {
        using var other = new FakeServer { Answers = [Result] };
        using var server = new FakeServer
        {
            Answers = [FakeHost.Http("307 Temporary Redirect", $"Location: {other.Address}\r\nContent-Length: 0\r\n", [])],
        };

        await Assert.ThrowsAsync<HostUnreachableException>(() => CallAsync(server.Host()));

        Assert.Equal(0, other.ConnectionCount);
    }

    [Fact]
    public async Task NoneIsSentAgainWhereThatIsTheSetting()
    {
        using var server = new FakeServer { Answers = [Refused("503 Service Unavailable", RefusalReason.Host, 1)] };

        await Assert.ThrowsAsync<HostUnreachableException>(() =>
            CallAsync(server.Host(connection => connection with { Options = new() { MaxRetries = 0 } }))
        );

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task AnUploadIsSentWholeAgain()
    {
        using var server = new FakeServer { Answers = [Refused("503 Service Unavailable", RefusalReason.Host), FakeHost.NoContent] };
        using var client = await server.Host().ConnectAsync(null, Token);
        var path = typeof(HostRetriesTests).Assembly.Location;
        var hash = ContentHash.Of(await File.ReadAllBytesAsync(path, Token));

        await client.UploadAsync(hash, path, Token);

        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.Equal(hash, ContentHash.Of(request.Body)));
    }

    [Fact]
    public async Task ACancelledCallDoesNotWaitToBeSentAgain()
    {
        using var cancellation = new CancellationTokenSource();
        using var server = new FakeServer { Answers = [Refused("503 Service Unavailable", RefusalReason.Host, 20)] };
        var call = Isolated
            .Create(() => 1, new() { Host = server.Host(connection => connection with { Time = TimeProvider.System }) })
            .InvokeAsync(cancellation.Token);
        await Eventually.TrueAsync(() => !server.Requests.IsEmpty, () => "nothing was sent.");

        cancellation.Cancel();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(TimeSpan.FromSeconds(15), Token));
        Assert.Equal(cancellation.Token, error.CancellationToken);
    }

    private static Task<int> CallAsync(FalHost host) =>
        Isolated.Create(() => 7, new() { Host = host }).InvokeAsync(Token).WaitAsync(Eventually.Limit, Token);

    private static byte[] Refused(string status, RefusalReason reason, int? retryAfter = null)
    {
        var body = FalServerless.Protocol.Http.RefusalCodec.Write(new() { Reason = reason, Message = "As the test wants it." });
        return FakeHost.Http(
            status,
            $"Content-Type: {Routes.MessageMediaType}\r\nContent-Length: "
                + $"{body.Length}\r\n{(retryAfter is { } seconds ? $"Retry-After: {seconds}\r\n" : "")}",
            body
        );
    }
}
