using System.Diagnostics;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Time;
using FalServerless.Tests.Shared.Transport;

namespace FalServerless.UnitTests.Transport;

public class CancelledCallTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ACancelledCallThrowsAtOnceWithItsTokenAndTheHostIsTold(bool isAnswered)
    {
        using var cancellation = new CancellationTokenSource();
        var running = new TaskCompletionSource();
        using var host = Silent(isAnswered ? [.. FakeHost.Opening, .. FakeHost.Line("running")] : []);
        var call = Isolated.Create(() => 1, new() { Host = host, OnLog = _ => running.SetResult() }).InvokeAsync(cancellation.Token);
        await (isAnswered ? running.Task : Eventually.TrueAsync(() => !host.Requests.IsEmpty, () => "nothing was posted.")).WaitAsync(
            Eventually.Limit,
            Token
        );

        var watch = Stopwatch.StartNew();
        cancellation.Cancel();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(cancellation.Token, error.CancellationToken);
        Assert.True(call.IsCanceled);
        await IsToldAsync(host);
    }

    [Fact]
    public async Task AHostThatDoesNotKnowACallYetIsToldAgain()
    {
        using var cancellation = new CancellationTokenSource();
        var asked = 0;
        using var host = Silent([], () => ++asked < 3 ? FakeHost.Refused("404 Not Found", RefusalReason.Protocol) : FakeHost.NoContent);
        var call = Isolated.Create(() => 1, new() { Host = host }).InvokeAsync(cancellation.Token);
        await Eventually.TrueAsync(() => !host.Requests.IsEmpty, () => "nothing was posted.");

        cancellation.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Eventually.TrueAsync(() => asked == 3, () => $"it was told {asked} times.");
    }

    [Fact]
    public async Task AHostThatNeverAnswersToACancellationHoldsNobodyUp()
    {
        using var cancellation = new CancellationTokenSource();
        using var host = new FakeHost { IsGone = false, Script = (_, stream) => FakeHost.UntilTheClientGoesAsync(stream) };
        var call = Isolated.Create(() => 1, new() { Host = host }).InvokeAsync(cancellation.Token);
        await Eventually.TrueAsync(() => !host.Requests.IsEmpty, () => "nothing was posted.");

        cancellation.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(TimeSpan.FromSeconds(5), Token));
        await IsToldAsync(host);
    }

    [Fact]
    public async Task ACallIsCancelledWhenItsLogReceiverThrows()
    {
        using var host = Silent([.. FakeHost.Opening, .. FakeHost.Line("line")]);

        await Assert.ThrowsAsync<FormatException>(() =>
            Isolated.Create(() => 1, new() { Host = host, OnLog = _ => throw new FormatException() }).InvokeAsync(Token)
        );

        await IsToldAsync(host);
    }

    [Fact]
    public async Task ACallThatTheHostSaysIsCancelledOrLateIsSo()
    {
        using var cancelled = Ending(RefusalReason.Cancelled);
        using var late = Ending(RefusalReason.Timeout);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Isolated.Create(() => 1, new() { Host = cancelled }).InvokeAsync(Token)
        );
        await Assert.ThrowsAsync<TimeoutException>(() => Isolated.Create(() => 1, new() { Host = late }).InvokeAsync(Token));
        Assert.Empty((string[])[.. cancelled.Cancellations, .. late.Cancellations]);
    }

    private static FakeHost Ending(RefusalReason reason) =>
        new()
        {
            IsGone = false,
            Answer = FakeHost.Ok(
                FakeHost.Event(InvocationEventKind.Refusal, RefusalCodec.Write(new() { Reason = reason, Message = "It is over." }))
            ),
        };

    // Answers a call with that much, and then nothing until the client goes.
    private static FakeHost Silent(byte[] beginning, Func<byte[]>? toCancel = null) =>
        new()
        {
            IsGone = false,
            Script = async (request, stream) =>
            {
                if (request.IsCancellation)
                {
                    await stream.WriteAsync(toCancel?.Invoke() ?? FakeHost.NoContent);
                    return;
                }

                await stream.WriteAsync(beginning);
                await FakeHost.UntilTheClientGoesAsync(stream);
            },
        };

    private static async Task IsToldAsync(FakeHost host)
    {
        await Eventually.TrueAsync(() => host.Cancellations.Count > 0, () => "the host was not told.");
        Assert.Equal(Routes.Invocation(host.Invocations.Single().Id), host.Cancellations[0]);
    }
}
