using System.Net.Sockets;
using FalServerless.Protocol;
using FalServerless.Tests.Shared.Time;
using FalServerless.Tests.Shared.Transport;

namespace FalServerless.UnitTests.Transport;

/// <summary>What a caller is told of a host that cannot be reached, for each cause.</summary>
public class UnreachableHostTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ANameThatHasNoAddressIsSaid()
    {
        const string Address = "http://nowhere.invalid:8080";
        Assert.SkipUnless(HttpClient.DefaultProxy.IsBypassed(new(Address)), "A proxy looks names up in place of this machine.");

        var error = await FailAsync(FakeServer.HostAt(Address));

        AssertSays(error, HostUnreachableCause.NameResolution, Address, "'nowhere.invalid'", "DNS");
    }

    [Fact]
    public async Task APortWhereNobodyListensIsSaid()
    {
        using var port = new ClosedPort();

        var error = await FailAsync(FakeServer.HostAt(port.Address));

        AssertSays(error, HostUnreachableCause.Refused, port.Address, "is the host running");
    }

    [Fact]
    public async Task ACertificateThatNobodyVouchesForIsSaidAndNotTriedAgain()
    {
        using var authority = TestCertificates.Authority();
        using var certificate = TestCertificates.For("127.0.0.1", authority);
        using var server = new FakeServer(certificate);

        var error = await FailAsync(server.Host());

        AssertSays(error, HostUnreachableCause.Tls, server.Address, "FAL_CA_CERTIFICATE");
        Assert.Equal(1, server.ConnectionCount);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task AHostThatSpeaksNoTlsIsSaid()
    {
        using var server = new FakeServer { Answers = [FakeHost.NoContent] };
        server.OnConnect = async connection =>
        {
            using (connection)
            {
                await connection.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
            }
        };

        AssertSays(
            await FailAsync(FakeServer.HostAt($"https://127.0.0.1:{server.Port}")),
            HostUnreachableCause.Tls,
            "Does the host speak TLS"
        );
    }

    [Fact]
    public async Task AConnectionThatIsResetIsSaidWhenItsRepetitionsAreToo()
    {
        using var server = new FakeServer();
        server.OnConnect = async connection =>
        {
            await connection.ReceiveAsync(new byte[1]);
            connection.LingerState = new LingerOption(true, 0);
            connection.Dispose();
        };

        var error = await FailAsync(server.Host());

        AssertSays(error, HostUnreachableCause.Reset, server.Address, "may have arrived");
        Assert.InRange(server.ConnectionCount, 4, int.MaxValue);
    }

    [Fact]
    public async Task AConnectionThatIsNotMadeInTimeIsSaid()
    {
        using var server = new FakeServer();
        server.OnConnect = async connection =>
        {
            using (connection)
            {
                // Whoever waits for the other side of TLS waits for ever.
                while (await connection.ReceiveAsync(new byte[4096]) > 0) { }
            }
        };

        var error = await FailAsync(
            FakeServer.HostAt(
                $"https://127.0.0.1:{server.Port}",
                connection =>
                    connection with
                    {
                        Options = new() { ConnectTimeout = TimeSpan.FromMilliseconds(100), MaxRetries = 1 },
                    }
            )
        );

        AssertSays(error, HostUnreachableCause.Timeout, "firewall");
        Assert.Equal(2, server.ConnectionCount);
    }

    [Fact]
    public async Task AnAnswerThatDoesNotComeInTimeIsSaidAndNotAskedForAgain()
    {
        using var server = new FakeServer();
        server.OnConnect = async connection =>
        {
            using (connection)
            {
                while (await connection.ReceiveAsync(new byte[4096]) > 0) { }
            }
        };
        var host = server.Host(connection => connection with { Options = new() { RequestTimeout = Second } });

        var error = await Assert.ThrowsAsync<HostUnreachableException>(() =>
            SyncDir.ListAsync(options: new() { Host = host }, cancellationToken: Token).WaitAsync(Eventually.Limit, Token)
        );

        AssertSays(error, HostUnreachableCause.Timeout, server.Address, "did not answer within 1 s");
        Assert.Equal(1, server.ConnectionCount);
    }

    [Fact]
    public async Task ACallHasNoLimitForItsAnswerButItsOwn()
    {
        using var server = new FakeServer();
        var time = new HurriedTime();
        var answer = new TaskCompletionSource();
        server.OnConnect = async connection =>
        {
            await using var stream = new NetworkStream(connection, ownsSocket: true);
            server.Requests.Enqueue((await FakeRequest.ReadAsync(stream))!);
            await answer.Task;
            await stream.WriteAsync(FakeHost.Ok(FakeHost.Event(InvocationEventKind.Result, 7)));
        };
        var host = server.Host(connection =>
            connection with
            {
                Options = new() { RequestTimeout = TimeSpan.FromMilliseconds(1) },
                Time = time,
            }
        );

        var call = Isolated.Create(() => 7, new() { Host = host }).InvokeAsync(Token);
        await Eventually.TrueAsync(() => !server.Requests.IsEmpty, () => "nothing was sent.");

        // A request that has a limit would be over by now: this one is.
        var listing = SyncDir.ListAsync(options: new() { Host = host }, cancellationToken: Token);
        await Assert.ThrowsAsync<HostUnreachableException>(() => listing.WaitAsync(Eventually.Limit, Token));
        Assert.False(call.IsCompleted);
        answer.SetResult();

        Assert.Equal(7, await call.WaitAsync(Eventually.Limit, Token));
        Assert.Single(server.Requests, request => request.IsInvocation);
    }

    [Fact]
    public async Task AHostThatCannotBeReachedSeveralTimesIsLeftAloneForAWhile()
    {
        using var port = new ClosedPort();
        var host = FakeServer.HostAt(port.Address);
        var causes = new List<HostUnreachableException>();
        for (var i = 0; i < 4; i++)
        {
            causes.Add(await FailAsync(host));
        }

        Assert.Equal(HostUnreachableCause.Refused, causes[0].Cause);
        AssertSays(causes[^1], HostUnreachableCause.CircuitOpen, "was not asked", "is asked again in", "refused");
    }

    [Fact]
    public async Task AHostThatCanBeReachedAgainIsAskedAfterTheWhile()
    {
        using var port = new ClosedPort();
        var host = FakeServer.HostAt(port.Address);
        for (var i = 0; i < 4; i++)
        {
            await FailAsync(host);
        }

        Assert.Equal(HostUnreachableCause.CircuitOpen, (await FailAsync(host)).Cause);
        port.Open(async connection =>
        {
            await using var stream = new NetworkStream(connection, ownsSocket: true);
            while (await FakeRequest.ReadAsync(stream) is not null)
            {
                await stream.WriteAsync(FakeHost.Ok(FakeHost.Event(InvocationEventKind.Result, 7)));
            }
        });

        var function = Isolated.Create(() => 7, new() { Host = host });
        var answered = false;
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); !answered; await Task.Delay(50, Token))
        {
            Assert.True(watch.Elapsed < Eventually.Limit, "The host was never asked again.");
            try
            {
                answered = await function.InvokeAsync(Token) == 7;
            }
            catch (HostUnreachableException e) when (e.Cause == HostUnreachableCause.CircuitOpen) { }
        }
    }

    private static async Task<HostUnreachableException> FailAsync(FalHost host) =>
        await Assert.ThrowsAsync<HostUnreachableException>(() =>
            Isolated.Create(() => 1, new() { Host = host }).InvokeAsync(Token).WaitAsync(Eventually.Limit, Token)
        );

    private static void AssertSays(HostUnreachableException error, HostUnreachableCause cause, params string[] words)
    {
        Assert.True(error.Cause == cause, $"It was {error.Cause}: {error}");
        Assert.All(words, word => Assert.Contains(word, error.Message));
        Assert.DoesNotContain("s3cret", error.ToString());
    }
}
