using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Gateway;

public class KeyLimitsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ACallerHearsWhichLimitItHasReached()
    {
        await using var host = await ServedHost.StartAsync("--body-limit", "100KB", "--result-limit", "200KB", "--calls-per-key", "2");
        var options = new IsolatedOptions { Host = host.Host };
        var length = Isolated.Create((byte[] bytes) => bytes.Length, options);
        var bytes = Isolated.Create((int count) => new byte[count], options);
        var stream = Isolated.Create((int count) => Streams.Of(count, 150 << 10), options);

        Assert.Equal(90_000, await length.InvokeAsync(new byte[90_000], Token));
        foreach (var tooMany in new[] { 110_000, 40 << 20 })
        {
            var tooLarge = await Assert.ThrowsAsync<CaptureException>(() => length.InvokeAsync(new byte[tooMany], Token));
            Assert.Equal(100 << 10, tooLarge.Limit);
            Assert.Contains("FAL_BODY_LIMIT", tooLarge.Message);
        }

        Assert.Equal(190_000, (await bytes.InvokeAsync(190_000, Token)).Length);
        foreach (var tooMany in new[] { 210_000, 40 << 20 })
        {
            var tooLarge = await Assert.ThrowsAsync<CaptureException>(() => bytes.InvokeAsync(tooMany, Token));
            Assert.Equal(200 << 10, tooLarge.Limit);
            Assert.Contains("FAL_RESULT_LIMIT", tooLarge.Message);
        }

        // Each item counts for itself.
        Assert.Equal(5, await stream.Invoke(5).CountAsync(Token));

        using var running = new CountdownEvent(2);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var block = Isolated.Create(() => Bodies.SayAndBlock("running"), options with { OnLog = _ => running.Signal() });
        var calls = Enumerable.Range(0, 2).Select(_ => block.InvokeAsync(cancellation.Token)).ToArray();
        await Eventually.TrueAsync(() => running.IsSet, () => host.Log);
        var full = await Assert.ThrowsAsync<QueueFullException>(() => length.InvokeAsync([], Token));
        Assert.Equal(2, full.Limit);
        Assert.Contains($"The limit of 2 calls running or waiting on this host is reached for the key {host.Key.Id}.", full.Message);

        // Another key has calls of its own, and those that have ended make room.
        Assert.Equal(
            200,
            (
                await host.SendAsync(
                    HttpMethod.Post,
                    Routes.Invocations,
                    RunningHost.Request((System.Linq.Expressions.Expression<Func<int>>)(() => 7)),
                    host.Admin.Authorization
                )
            ).Status
        );
        await cancellation.CancelAsync();
        foreach (var call in calls)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        Assert.Equal(0, await AgainAsync(() => length.InvokeAsync([], Token)));
    }

    // The host hears of a cancelled call a moment after its caller.
    private static async Task<T> AgainAsync<T>(Func<Task<T>> call)
    {
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); ; )
        {
            try
            {
                return await call();
            }
            catch (QueueFullException) when (watch.Elapsed < Eventually.Limit)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), Token);
            }
        }
    }

    internal static class Streams
    {
        public static async IAsyncEnumerable<byte[]> Of(int count, int size)
        {
            for (var i = 0; i < count; i++)
            {
                await Task.Yield();
                yield return new byte[size];
            }
        }
    }
}
