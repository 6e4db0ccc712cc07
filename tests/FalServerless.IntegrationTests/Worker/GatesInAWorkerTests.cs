using System.Collections.Concurrent;
using System.Dynamic;

namespace FalServerless.IntegrationTests.Worker;

/// <summary>Gates, lazy values and dynamic objects, in a real worker.</summary>
public class GatesInAWorkerTests
{
    private static readonly IsolatedOptions Options = new() { Host = FalHost.Local };

    private static readonly object Missing = new();

    private readonly object _gate = new();
    private readonly Lock _lock = new();
    private readonly Lazy<int> _answer;
    private readonly int _half = 21;

    public GatesInAWorkerTests() => _answer = new(() => _half * 2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AServiceWithItsGatesAndLazyValuesWorksThere()
    {
        var service = new Service("x");
        lock (service.Gate)
        {
            Assert.Equal(
                "x! True 0",
                Isolated
                    .FromDelegate(
                        () =>
                        {
                            return service.Use();
                        },
                        Options
                    )
                    .Invoke()
            );
        }

        Assert.Equal("x! True 0", await Isolated.Create(() => service.Use(), Options).InvokeAsync(Token));
        Assert.False(service.Name.IsValueCreated);
        Assert.Equal(1, service.Slots.CurrentCount);
    }

    [Fact]
    public async Task TheFieldsOfThisWorkThere() =>
        Assert.Equal(
            42,
            await Isolated
                .FromDelegate(
                    () =>
                    {
                        lock (_gate)
                        {
                            lock (_lock)
                            {
                                return _answer.Value;
                            }
                        }
                    },
                    Options
                )
                .InvokeAsync(Token)
        );

    [Fact]
    public async Task CapturedGatesAreSharedByTheVariablesThatHoldThem()
    {
        var gate = new object();
        var same = gate;
        var semaphore = new SemaphoreSlim(0, 2);
        var lazy = new Lazy<string>(() => "made " + Environment.ProcessId);
        var (areSame, count, made) = await Isolated
            .FromDelegate(
                () =>
                {
                    lock (gate)
                    {
                        return (ReferenceEquals(gate, same), semaphore.Release(), lazy.Value);
                    }
                },
                Options
            )
            .InvokeAsync(Token);

        Assert.True(await Isolated.Create(() => Locked(gate, same), Options).InvokeAsync(Token));
        Assert.True(await Isolated.Create((object one, object other) => Locked(one, other), Options).InvokeAsync(gate, gate, Token));
        Assert.Equal((true, 0), (areSame, count));
        Assert.NotEqual("made " + Environment.ProcessId, made);
        Assert.Equal(0, semaphore.CurrentCount);
    }

    [Fact]
    public async Task AStaticObjectToCompareWithIsTheSameThereAndInWhatComesBack()
    {
        var nothing = Missing;
        Assert.True(
            await Isolated
                .FromDelegate(
                    () =>
                    {
                        return nothing == Missing;
                    },
                    Options
                )
                .InvokeAsync(Token)
        );
        Assert.Same(
            Missing,
            (
                await Isolated
                    .FromDelegate(
                        () =>
                        {
                            return new Reply { Value = Missing };
                        },
                        Options
                    )
                    .InvokeAsync(Token)
            ).Value
        );
    }

    [Fact]
    public async Task GatesAndLazyValuesComeBackAsResultsAndItems()
    {
        var semaphore = await Isolated.Create(() => new SemaphoreSlim(1, 2), Options).InvokeAsync(Token);
        Assert.Equal((1, 1), (semaphore.CurrentCount, semaphore.Release()));
        Assert.Equal(typeof(object), (await Isolated.Create(() => new object(), Options).InvokeAsync(Token)).GetType());
        Assert.Equal(5, (await Isolated.Create(() => new Lazy<int>(5), Options).InvokeAsync(Token)).Value);

        var items = new List<object>();
        await foreach (
            var item in Isolated
                .FromDelegate(
                    () =>
                    {
                        return Items();
                    },
                    Options
                )
                .Invoke()
                .WithCancellation(Token)
        )
        {
            items.Add(item);
        }

        Assert.Equal(
            [typeof(object), typeof(Lazy<int>), typeof(ExpandoObject), typeof(BlockingCollection<int>)],
            items.Select(item => item.GetType())
        );
    }

    [Fact]
    public async Task ALazyValueThatWasNotReadThereDoesNotComeBack()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() =>
            Isolated
                .FromDelegate(
                    () =>
                    {
                        return new Lazy<int>(() => 5);
                    },
                    Options
                )
                .InvokeAsync(Token)
        );
        Assert.Contains("Read its Value first", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADynamicObjectIsOneThereAndBack()
    {
        dynamic order = new ExpandoObject();
        order.Number = 7;
        order.Self = order;
        dynamic back = await Isolated
            .FromDelegate(
                object () =>
                {
                    return Twice(order);
                },
                Options
            )
            .InvokeAsync(Token);
        Assert.IsType<ExpandoObject>((object)back);
        Assert.Equal(14, (int)back.Number);
        Assert.Same((object)back, (object)back.Self);
    }

    [Fact]
    public async Task ABlockingCollectionIsOneThereAndBack()
    {
        object work = new BlockingCollection<int>(new ConcurrentQueue<int>([1, 2]), 3);
        var back = await Isolated
            .FromDelegate(
                () =>
                {
                    ((BlockingCollection<int>)work).CompleteAdding();
                    return work;
                },
                Options
            )
            .InvokeAsync(Token);
        Assert.Equal([1, 2], Assert.IsType<BlockingCollection<int>>(back).GetConsumingEnumerable(Token));
    }

    [Fact]
    public async Task AnIteratorIsRefusedHereAndRunThere()
    {
        var counter = 0;
        var numbers = Numbers();
        var error = await Assert.ThrowsAsync<CaptureException>(() =>
            Isolated
                .FromDelegate(
                    () =>
                    {
                        return numbers.Count();
                    },
                    Options
                )
                .InvokeAsync(Token)
        );
        Assert.Contains(".ToList()", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, counter);
        Assert.Equal(
            [0, 1, 2],
            await Isolated
                .FromDelegate(
                    () =>
                    {
                        return Numbers();
                    },
                    Options
                )
                .InvokeAsync(Token)
        );

        IEnumerable<int> Numbers()
        {
            while (counter < 3)
            {
                yield return counter++;
            }
        }
    }

    private static async IAsyncEnumerable<object> Items()
    {
        await Task.Yield();
        yield return new object();
        yield return new Lazy<int>(1);
        yield return new ExpandoObject();
        yield return new BlockingCollection<int>();
    }

    private static bool Locked(object gate, object same)
    {
        lock (gate)
        {
            return ReferenceEquals(gate, same);
        }
    }

    private static object Twice(dynamic order)
    {
        order.Number *= 2;
        return order;
    }

    public sealed class Reply
    {
        public object? Value { get; init; }
    }

    public sealed class Service
    {
        public Service(string name) => Name = new(() => name + "!");

        public object Gate { get; } = new();

        public SemaphoreSlim Slots { get; } = new(1, 1);

        public Lazy<string> Name { get; }

        public string Use()
        {
            lock (Gate)
            {
                return $"{Name.Value} {Slots.Wait(0)} {Slots.CurrentCount}";
            }
        }
    }
}
