using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using FalServerless.Hosts;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests;

/// <summary>Results that come item by item.</summary>
public sealed class StreamTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Million = 1_000_000;
    private const long AllowedGrowth = 24L << 20;

    private readonly LocalHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IsolatedOptions Options => new() { Host = _host, CancellationGrace = TimeSpan.FromSeconds(20) };

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        return default;
    }

    [Fact]
    public async Task AMillionItemsArriveWholeAndTheGatewayStaysFlat()
    {
        var numbers = Isolated.Create((int count) => Streams.NumbersAsync(count), Options);
        var gateway = (await _host.RuntimeAsync()).ProcessId;

        // What comes on top is what the number of items costs, and how far a heap lets itself go. Held, 750,000 events would take 60 MB and
        // more.
        Assert.Equal(Million / 4, await CountAsync(numbers.Invoke(Million / 4)));
        var before = ProcessTable.PeakResidentBytes(gateway);

        var next = 0;
        await foreach (var number in numbers.Invoke(Million).WithCancellation(Token))
        {
            Assert.Equal(next++, number);
        }

        var peak = ProcessTable.PeakResidentBytes(gateway);
        output.WriteLine($"{next} items; the gateway held {before >> 20} MiB at most with a quarter of them, {peak >> 20} MiB with all.");
        Assert.Equal(Million, next);
        Assert.InRange(peak, 0, before + (2 * AllowedGrowth));
    }

    [Fact]
    public async Task AReaderThatStopsEarlyStopsTheProducer()
    {
        using var folder = new TemporaryFolder();
        var ended = folder.File("ended");

        var received = 0;
        await foreach (var number in Isolated.Create(() => Streams.UntilStoppedAsync(ended), Options).Invoke().WithCancellation(Token))
        {
            if (++received == 5)
            {
                break;
            }
        }

        await Eventually.TrueAsync(() => File.Exists(ended), () => "the producer goes on.");
        Assert.Equal(5, received);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatABodyLogsWhenItsReaderLeavesArrives(bool hasFullWindow)
    {
        var lines = new ConcurrentQueue<string>();
        var options = Options with { OnLog = entry => lines.Enqueue(entry.Message) };
        var function = Isolated.Create((bool large) => Streams.LoggingItsEndAsync(large), options);
        for (var round = 0; round < 5; round++)
        {
            lines.Clear();
            await foreach (var item in function.Invoke(hasFullWindow).WithCancellation(Token))
            {
                break;
            }

            Assert.Equal(["begun", "left", "done"], lines);
        }
    }

    [Fact]
    public async Task ASlowReaderHoldsTheProducerBack()
    {
        using var folder = new TemporaryFolder();
        var progress = folder.File("progress");
        await using var items = Isolated
            .Create(() => Streams.LargeItemsAsync(progress, 20_000), Options)
            .Invoke()
            .GetAsyncEnumerator(Token);
        Assert.True(await items.MoveNextAsync());

        // It has come to rest once two looks see the same.
        var (last, same) = (-1, 0);
        await Eventually.TrueAsync(
            () =>
            {
                var now = Produced(progress);
                same = now == last && now > 0 ? same + 1 : 0;
                last = now;
                return same > 30;
            },
            () => $"the producer runs on, at {last} items."
        );

        // 10 KiB each: the window, and what lies in the buffers of the sockets and of the server on the way.
        output.WriteLine($"The producer waits at {last} items of 10 KiB.");
        Assert.InRange(last, 2, 1_000);

        var received = 1;
        while (await items.MoveNextAsync())
        {
            received++;
        }

        Assert.Equal(20_000, received);
    }

    [Fact]
    public async Task WhatIsThrownAfterSomeItemsArrivesAfterThoseItems()
    {
        var received = new List<int>();

        var error = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var number in Isolated.Create(() => Streams.ThenThrowAsync(1_000), Options).Invoke().WithCancellation(Token))
            {
                received.Add(number);
            }
        });

        Assert.Equal("after 1000 items", error.Message);
        Assert.Equal(Enumerable.Range(0, 1_000), received);
        Assert.Contains("StreamTests.cs:line", error.StackTrace);
    }

    [Fact]
    public async Task ItemsLargerThanAnyFrameArriveWhole()
    {
        var received = new List<int>();
        await foreach (var item in Isolated.Create(() => Streams.GrowingAsync(), Options).Invoke().WithCancellation(Token))
        {
            Assert.True(item.AsSpan().IndexOfAnyExcept((byte)received.Count) < 0);
            received.Add(item.Length);
        }

        Assert.Equal([0, 1, 65_535, 65_536, 65_537, 1 << 20, 5 << 20, 3], received);
    }

    [Fact]
    public async Task EachEnumerationIsACallOfItsOwn()
    {
        using var folder = new TemporaryFolder();
        var calls = folder.File("calls");
        var stream = Isolated.Create(() => Streams.CountedAsync(calls), Options).Invoke();
        Assert.False(File.Exists(calls));

        Assert.Equal(3, await CountAsync(stream));
        Assert.Equal(3, await CountAsync(stream));

        Assert.Equal(2, File.ReadAllLines(calls).Length);
    }

    [Fact]
    public async Task LinesAndItemsOfOneCallComeInTheOrderInWhichTheyWereWritten()
    {
        var seen = new List<string>();
        await foreach (
            var item in Isolated
                .Create(() => Streams.WithLinesAsync(), Options with { OnLog = entry => seen.Add(entry.Message) })
                .Invoke()
                .WithCancellation(Token)
        )
        {
            seen.Add(item);
        }

        Assert.Equal(Enumerable.Range(0, 200).SelectMany(i => new[] { $"line {i}", $"item {i}" }), seen);
    }

    [Fact]
    public async Task APausedStreamDoesNotHoldUpAnotherCallOfTheSameWorker()
    {
        using var folder = new TemporaryFolder();
        var progress = folder.File("progress");
        var options = Options with { MaxWorkers = 1, CallsPerWorker = 2 };
        await using var paused = Isolated
            .Create(() => Streams.LargeItemsAsync(progress, 5_000), options)
            .Invoke()
            .GetAsyncEnumerator(Token);
        Assert.True(await paused.MoveNextAsync());

        Assert.Equal(20_000, await CountAsync(Isolated.Create(() => Streams.NumbersAsync(20_000), options).Invoke()));

        var left = 1;
        while (await paused.MoveNextAsync())
        {
            left++;
        }

        Assert.Equal(5_000, left);
    }

    [Fact]
    public async Task SixtyFourMegabytesTravelBothWaysAndTheGatewayHoldsNoneOfThem()
    {
        var content = new byte[64 << 20];
        Printed.Random(of: nameof(SixtyFourMegabytesTravelBothWaysAndTheGatewayHoldsNoneOfThem)).NextBytes(content);
        var echo = Isolated.Create((byte[] bytes) => bytes, Options with { MachineType = "M" });
        Assert.Equal([1, 2], await echo.InvokeAsync([1, 2], Token));
        var gateway = (await _host.RuntimeAsync()).ProcessId;
        var before = ProcessTable.ResidentBytes(gateway);

        var returned = await echo.InvokeAsync(content, Token);

        var peak = ProcessTable.PeakResidentBytes(gateway);
        output.WriteLine($"{content.Length} bytes in and out; the gateway held {before >> 20} MiB before and {peak >> 20} MiB at most.");
        Assert.True(content.AsSpan().SequenceEqual(returned));
        Assert.InRange(peak, 0, before + AllowedGrowth);
    }

    private static int Produced(string file)
    {
        try
        {
            return File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var count) ? count : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static async Task<int> CountAsync<T>(IAsyncEnumerable<T> items)
    {
        var count = 0;
        await foreach (var item in items.WithCancellation(Token))
        {
            count++;
        }

        return count;
    }

    internal static class Streams
    {
        public static async IAsyncEnumerable<int> NumbersAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                if (i % 1000 == 0)
                {
                    await Task.Yield();
                }

                yield return i;
            }
        }

        public static async IAsyncEnumerable<int> UntilStoppedAsync(
            string ended,
            [EnumeratorCancellation] CancellationToken cancellationToken = default
        )
        {
            try
            {
                for (var i = 0; ; i++)
                {
                    yield return i;
                    await Task.Delay(1, cancellationToken);
                }
            }
            finally
            {
                await File.WriteAllTextAsync(ended, "", CancellationToken.None);
            }
        }

        public static async IAsyncEnumerable<string> LoggingItsEndAsync(
            bool isLarge,
            [EnumeratorCancellation] CancellationToken cancellationToken = default
        )
        {
            Console.WriteLine("begun");
            var item = new string('x', isLarge ? 50_000 : 1);
            try
            {
                while (true)
                {
                    yield return item;
                    if (!isLarge)
                    {
                        await Task.Delay(1, cancellationToken);
                    }
                }
            }
            finally
            {
                Console.WriteLine("left");
                await Task.Yield();
                Console.Write("done");
            }
        }

        public static async IAsyncEnumerable<string> LargeItemsAsync(string progress, int count)
        {
            var item = new string('x', 10 << 10);
            for (var i = 1; i <= count; i++)
            {
                yield return item;
                if (i % 10 == 0 && i <= 2_000)
                {
                    await File.WriteAllTextAsync(progress, i.ToString(CultureInfo.InvariantCulture));
                }
            }
        }

        public static async IAsyncEnumerable<int> ThenThrowAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                yield return i;
            }

            await Task.Yield();
            throw new InvalidDataException($"after {count} items");
        }

        public static async IAsyncEnumerable<byte[]> GrowingAsync()
        {
            var number = 0;
            foreach (var length in (int[])[0, 1, 65_535, 65_536, 65_537, 1 << 20, 5 << 20, 3])
            {
                var item = new byte[length];
                Array.Fill(item, (byte)number++);
                yield return item;
            }

            await Task.Yield();
        }

        public static async IAsyncEnumerable<int> CountedAsync(string calls)
        {
            await File.AppendAllTextAsync(calls, "called\n");
            yield return 1;
            yield return 2;
            yield return 3;
        }

        public static async IAsyncEnumerable<string> WithLinesAsync()
        {
            for (var i = 0; i < 200; i++)
            {
                Console.WriteLine($"line {i}");
                yield return $"item {i}";
                if (i % 50 == 0)
                {
                    await Task.Yield();
                }
            }
        }
    }
}
