using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Time;
using FalServerless.Tests.Shared.Transport;

namespace FalServerless.UnitTests.Transport;

/// <summary>What a client of detached calls asks, and what it makes of the answers.</summary>
public class DetachedRequestsTests
{
    private static readonly byte[] Accepted = FakeHost.Http("202 Accepted", "Content-Length: 0\r\nConnection: close\r\n", []);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PiecesOfAValueFromBeforeARestartAreNoPartOfIt()
    {
        using var host = new FakeHost { IsGone = false };
        host.Script = (request, stream) =>
            stream
                .WriteAsync(
                    request.IsInvocation
                        ? Accepted
                        : FakeHost.Ok([
                            .. FakeHost.Event(InvocationEventKind.Chunk, 0xa3, (byte)'x'),
                            .. FakeHost.Event(InvocationEventKind.Restart),
                            .. FakeHost.Event(InvocationEventKind.Chunk, 0xa3, (byte)'a'),
                            .. FakeHost.Event(InvocationEventKind.Result, (byte)'b', (byte)'c'),
                        ])
                )
                .AsTask();
        var run = await Isolated.Create((int value) => $"{value}", new() { Host = host, Retries = 2 }).SubmitAsync(1, Token);

        Assert.Equal("abc", await run.GetResultAsync(Token));

        Assert.Equal(2, Assert.Single(host.Invocations).Retries);
        Assert.Equal(InvocationStatus.Succeeded, run.Status);
        Assert.Equal($"/v1/invocations/{run.Id:n}/events?from=0&follow=true&only=outcome", host.Requests.Last().Path);
    }

    [Fact]
    public async Task AnOutcomeGoesOnBehindTheEventsThatHadComeWhenItsConnectionBroke()
    {
        using var host = new FakeHost(new HurriedTime()) { IsGone = false };
        var asked = 0;
        host.Script = async (request, stream) =>
            await stream.WriteAsync(
                request.IsInvocation ? Accepted
                    : asked++ == 0
                        ?
                        [
                            .. FakeHost.Opening,
                            .. FakeHost.Event(InvocationEventKind.Chunk, 0xa3, (byte)'a'),
                            .. FakeHost.Event(InvocationEventKind.Chunk, (byte)'b'),
                        ]
                    : FakeHost.Ok(FakeHost.Event(InvocationEventKind.Result, (byte)'c')),
                Token
            );
        var run = await Isolated.Create(() => "", new() { Host = host }).SubmitAsync(Token);

        Assert.Equal("abc", await run.GetResultAsync(Token));

        Assert.Contains("from=2&", host.Requests.Last().Path);
    }

    [Fact]
    public async Task LinesGoOnBehindThoseThatHadComeAndEndWhereTheHostEndsThem()
    {
        using var host = new FakeHost { IsGone = false };
        host.Script = (request, stream) =>
            stream.WriteAsync(request.IsInvocation ? Accepted : FakeHost.Ok([.. FakeHost.Line("one"), .. FakeHost.Line("two")])).AsTask();
        var run = await Isolated.Create(() => "", new() { Host = host }).SubmitAsync(Token);

        Assert.Equal(["one", "two"], await run.GetLogsAsync(from: 5, follow: false, Token).Select(line => line.Message).ToListAsync(Token));

        Assert.EndsWith("/events?from=5&follow=false&only=logs", host.Requests.Last().Path);
    }

    [Fact]
    public async Task ASubmissionWhoseConnectionBreaksIsRepeatedAsWhatItIs()
    {
        using var host = new FakeHost(new HurriedTime()) { IsGone = false };
        host.Script = async (_, stream) =>
            await stream.WriteAsync(host.Invocations.Count < 3 ? ReadOnlyMemory<byte>.Empty : Accepted, Token);

        var run = await Isolated.Create(() => 1, new() { Host = host }).SubmitAsync(Token);

        Assert.Equal(InvocationStatus.Queued, run.Status);
        Assert.Equal([run.Id], host.Invocations.Select(request => request.Id).Distinct());
        Assert.Equal([true, false, false], host.Invocations.Select(request => request.Age is null));
    }

    [Fact]
    public async Task ASubmissionThatNobodyAnswersNamesTheIdToLookFor()
    {
        using var host = new FakeHost(new HurriedTime()) { IsGone = false };

        var error = await Assert.ThrowsAsync<HostUnreachableException>(() =>
            Isolated.Create(() => 1, new() { Host = host }).SubmitAsync(Token)
        );

        Assert.Contains($"{host.Invocations[0].Id:n}", error.Message);
        Assert.Contains("Invocation.FindAsync", error.Message);
    }

    [Fact]
    public async Task ASubmissionThatIsCancelledIsCancelledAtTheHostToo()
    {
        using var host = new FakeHost { IsGone = false };
        using var stop = new CancellationTokenSource();
        host.Script = async (request, stream) =>
        {
            if (request.IsInvocation)
            {
                await stop.CancelAsync();
                await FakeHost.UntilTheClientGoesAsync(stream);
            }
            else
            {
                await stream.WriteAsync(FakeHost.NoContent, Token);
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Isolated.Create(() => 1, new() { Host = host }).SubmitAsync(stop.Token)
        );

        await Eventually.TrueAsync(() => host.Cancellations.Count == 1, () => "the host does not hear of it.");
        Assert.Equal(Routes.Invocation(host.Invocations[0].Id), host.Cancellations[0]);
    }

    [Fact]
    public async Task WhatIsNoRecordIsAnErrorAndKeysOfALaterHostAreSkipped()
    {
        var id = Guid.NewGuid();
        using var host = new FakeHost { IsGone = false };
        byte[] record = InvocationRecordCodec.Write(new() { Id = id, Status = InvocationStatus.Interrupted });

        // One entry more than there was.
        byte[] later = [0x8f, .. record.AsSpan(1), 0xa5, .. "later"u8, 0x93, 1, 2, 3];
        host.Answer = FakeHost.Ok(later);
        Assert.Equal(InvocationStatus.Interrupted, (await Invocation.FindAsync(id, host, cancellationToken: Token)).Status);

        for (var length = 0; length < record.Length; length++)
        {
            host.Answer = FakeHost.Ok(record.AsSpan(0, length));
            await Assert.ThrowsAsync<ProtocolException>(() => Invocation.FindAsync(id, host, cancellationToken: Token));
        }
    }

    [Fact]
    public async Task AHostThatSendsWhatNoneMaySendIsAnError()
    {
        using var host = new FakeHost { IsGone = false };
        byte[] answer = [];
        host.Script = (request, stream) => stream.WriteAsync(request.IsInvocation ? Accepted : answer).AsTask();
        var run = await Isolated.Create(() => "", new() { Host = host }).SubmitAsync(Token);

        foreach (
            var bad in new[]
            {
                FakeHost.Event(InvocationEventKind.Item, 0xa0),
                FakeHost.Event((InvocationEventKind)8),
                FakeHost.Event(InvocationEventKind.Result, 0xc1),
                FakeHost.Event(InvocationEventKind.Refusal, 0xc1),
            }
        )
        {
            answer = FakeHost.Ok(bad);
            await Assert.ThrowsAsync<ProtocolException>(() => run.GetResultAsync(Token));
        }
    }
}
