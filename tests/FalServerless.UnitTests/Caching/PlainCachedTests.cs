using System.Diagnostics;
using System.Linq.Expressions;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.UnitTests.Caching;

/// <summary>Outside a worker a cached function keeps its results in this process.</summary>
public class PlainCachedTests
{
    private static readonly CachedFunction<object> InField = Cached.Create(() => new object());

    private static int _spare;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void AResultIsMadeOnceAndIsTheSameObject()
    {
        var made = 0;
        var counter = () => Interlocked.Increment(ref made);
        var cached = Cached.Create(() =>
        {
            _spare++;
            return new object();
        });
        var before = _spare;

        Assert.Same(cached.Invoke(), cached.Invoke());
        Assert.Same(InField.Invoke(), InField.Invoke());
        Assert.Equal(before + 1, _spare);
        Assert.Equal(1, counter());
    }

    [Fact]
    public void TwoFunctionsOfTheSameCodeAndValuesShareTheirResult()
    {
        Assert.Same(Make(1).Invoke(), Make(1).Invoke());
        Assert.NotSame(Make(1).Invoke(), Make(2).Invoke());
        Assert.Same(Generic<int>().Invoke(), Generic<int>().Invoke());
        Assert.NotSame(Generic<int>().Invoke(), Generic<string>().Invoke());

        static CachedFunction<object> Make(int number) => Cached.Create(() => new { number }.GetType() is null ? null! : new object());
        static CachedFunction<object> Generic<T>() => Cached.Create(() => (object)new List<T>());
    }

    [Fact]
    public void CapturedVariablesArePartOfTheKeyAsTheyAreAtEachCall()
    {
        var name = "Ada";
        var neighbour = new HttpClient();
        var cached = Cached.Create(() => new { Text = $"Hello {name}" });
        Func<HttpClient> other = () => neighbour;

        var first = cached.Invoke();
        name = "Grace";
        var second = cached.Invoke();
        name = new string("Ada".ToCharArray());

        Assert.Equal(("Hello Ada", "Hello Grace"), (first.Text, second.Text));
        Assert.Same(first, cached.Invoke());
        Assert.NotNull(other());
    }

    [Fact]
    public void InputsArePartOfTheKeyByTheirValue()
    {
        var cached = Cached.Create((int[] numbers, Point point, string? text, Dictionary<string, int> map) => new object());
        var large = Enumerable.Range(0, 1000).ToArray();

        var made = cached.Invoke([1, 2], new(3, "four"), null, new() { ["a"] = 1 });

        Assert.Same(made, cached.Invoke([1, 2], new(3, "four"), null, new() { ["a"] = 1 }));
        Assert.NotSame(made, cached.Invoke([1, 3], new(3, "four"), null, new() { ["a"] = 1 }));
        Assert.NotSame(made, cached.Invoke([1, 2], new(3, "five"), null, new() { ["a"] = 1 }));
        Assert.NotSame(made, cached.Invoke([1, 2], new(3, "four"), "", new() { ["a"] = 1 }));
        Assert.NotSame(made, cached.Invoke([1, 2], new(3, "four"), null, new() { ["a"] = 2 }));
        Assert.Same(cached.Invoke(large, new(1, ""), null, []), cached.Invoke([.. large], new(1, ""), null, []));
        Assert.NotSame(cached.Invoke(large, new(1, ""), null, []), cached.Invoke([.. large[..^1], 0], new(1, ""), null, []));
    }

    [Fact]
    public void EveryNumberOfInputsWorks()
    {
        Assert.Equal(1, Cached.Create((int a) => a).Invoke(1));
        Assert.Equal(3, Cached.Create((int a, int b) => a + b).Invoke(1, 2));
        Assert.Equal(6, Cached.Create((int a, int b, int c) => a + b + c).Invoke(1, 2, 3));
        Assert.Equal(10, Cached.Create((int a, int b, int c, int d) => a + b + c + d).Invoke(1, 2, 3, 4));
    }

    [Fact]
    public void ThereIsOneComputationHoweverManyThreadsAsk()
    {
        const int Threads = 32;
        using var folder = new TemporaryFolder();
        var counter = new Counter(folder.File("made"));
        var path = counter.Path;
        using var start = new Barrier(Threads);
        var cached = Cached.Create(() => CachedBodies.MakeSlowly(path));
        var results = new object[Threads];
        var threads = Enumerable
            .Range(0, Threads)
            .Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                results[i] = cached.Invoke();
            }))
            .ToList();

        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Single(results.Distinct());
        Assert.Equal(1, counter.Count);
    }

    [Fact]
    public async Task AFailureReachesAllWhoWaitAndIsNotKept()
    {
        using var folder = new TemporaryFolder();
        var counter = new Counter(folder.File("made"));
        var path = counter.Path;
        var go = folder.File("go");
        var cached = Cached.Create(() => CachedBodies.FailAfter(path, go));
        var calls = Enumerable
            .Range(0, 4)
            .Select(_ => Task.Factory.StartNew(cached.Invoke, Token, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            .ToArray();
        await Eventually.TrueAsync(() => counter.Count == 1, () => "nobody computes.");
        await File.WriteAllTextAsync(go, "", Token);

        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<FormatException>(() => call);
        }

        var computations = counter.Count;
        Assert.Throws<FormatException>(() => cached.Invoke());
        Assert.Equal(computations + 1, counter.Count);
    }

    [Fact]
    public async Task ATaskIsSharedAndOneThatFailsIsNotKept()
    {
        using var folder = new TemporaryFolder();
        var counter = new Counter(folder.File("made"));
        var path = counter.Path;
        var go = folder.File("go");
        var fail = true;
        var cached = Cached.Create(
            async (int input) =>
            {
                CachedBodies.Note(path);
                await CachedBodies.WaitAsync(go);
                return fail ? throw new FormatException($"{input}") : input;
            }
        );

        var first = cached.Invoke(5);
        Assert.Same(first, cached.Invoke(5));
        await File.WriteAllTextAsync(go, "", Token);
        await Assert.ThrowsAsync<FormatException>(() => first);
        var again = cached.Invoke(5);
        await Assert.ThrowsAsync<FormatException>(() => again);
        fail = false;

        Assert.Equal(5, await cached.Invoke(5));
        Assert.Same(cached.Invoke(5), cached.Invoke(5));
        Assert.Equal(3, counter.Count);
        Assert.True(
            Cached
                .Create(async () =>
                {
                    await Task.Yield();
                })
                .Invoke()
                is { } plain
                && await Task.WhenAny(plain) == plain
        );
        Assert.True(Cached.Create(() => Task.FromCanceled<int>(new(true))).Invoke().IsCanceled);
    }

    [Fact]
    public async Task AFunctionMayCallItselfWithOtherInputsButNotWithTheSame()
    {
        CachedFunction<int, long>? fibonacci = null;
        fibonacci = Cached.Create((int n) => n < 2 ? n : fibonacci!.Invoke(n - 1) + fibonacci.Invoke(n - 2));
        CachedFunction<int>? circle = null;
        circle = Cached.Create(() => circle!.Invoke() + 1);
        CachedFunction<Task<int>>? later = null;
        later = Cached.Create(async () =>
        {
            await Task.Yield();
            return await later!.Invoke() + 1;
        });

        Assert.Equal(12586269025, fibonacci.Invoke(50));
        Assert.Contains(
            "needs its own result",
            Assert.Throws<InvalidOperationException>(() => circle.Invoke()).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "a lambda in 'AFunctionMayCall",
            Assert.Throws<InvalidOperationException>(() => circle.Invoke()).Message,
            StringComparison.Ordinal
        );
        await Assert.ThrowsAsync<InvalidOperationException>(() => later.Invoke().WaitAsync(Eventually.Limit, Token));
    }

    [Fact]
    public async Task TwoFunctionsThatWaitForEachOtherOnTwoThreadsAreToldApart()
    {
        using var both = new Barrier(2);
        CircleStart = both;
        var calls = new[] { Left, Right }
            .Select(half => Task.Factory.StartNew(half.Invoke, Token, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            .ToArray();

        var outcomes = await Task.WhenAll(calls.Select(async call => await Record.ExceptionAsync(() => call)))
            .WaitAsync(Eventually.Limit, Token);

        Assert.All(outcomes, error => Assert.IsType<InvalidOperationException>(error));
    }

    [Fact]
    public void WhatCannotBeComparedIsNamedWithASuggestion()
    {
        var client = new HttpClient();
        var cached = Cached.Create(() => client.Timeout);
        var order = new Order { Source = new MemoryStream() };
        var withInput = Cached.Create((int number, Order given) => number);
        var compiled = Cached.Create(Expression.Lambda<Func<int>>(Expression.Constant(1)).Compile());

        var error = Assert.Throws<CaptureException>(() => cached.Invoke());
        Assert.Equal("client", error.Path);
        Assert.Contains(
            "The captured variable 'client' of a cached function (a lambda in 'WhatCannotBeCompared",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("Create it inside the cached function", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<CaptureException>(() => withInput.Invoke(1, order));
        Assert.Equal("given.Source", error.Path);
        Assert.Contains("The input 'given' of a cached function", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<CaptureException>(() => compiled.Invoke());
        Assert.Contains("made at run time", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<CaptureException>(() =>
            Cached.Create((IEnumerable<int> numbers) => numbers.Sum()).Invoke(Enumerable.Range(0, 3).Where(n => n > 0))
        );
        Assert.Contains("lazy sequence", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AKeptResultOfAFunctionThatCapturesNothingCostsNeitherMemoryNorTime()
    {
        const int Calls = 1_000_000;
        InField.Invoke();
        Run(Calls);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        Run(Calls);
        var each = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Calls;

        Assert.Equal(allocated, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(each < 1000, $"{each} ns");

        var prefix = "a captured text";
        var captured = Cached.Create(() => prefix.Length);
        var input = Cached.Create((int a) => a);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"nothing captured {each:0.0} ns, one text captured {Each(() => captured.Invoke())} ns, one int as input "
                + $"{Each(() => input.Invoke(7))} ns"
        );

        static void Run(int calls)
        {
            for (var i = 0; i < calls; i++)
            {
                InField.Invoke();
            }
        }

        static string Each(Action call)
        {
            for (var round = 0; ; round++)
            {
                var time = Stopwatch.StartNew();
                for (var i = 0; i < 2_000; i++)
                {
                    call();
                }

                if (round == 4)
                {
                    return $"{time.Elapsed.TotalNanoseconds / 2_000:0}";
                }
            }
        }
    }

    private static readonly CachedFunction<int> Left = Cached.Create(() => Half(() => Right!));
    private static readonly CachedFunction<int> Right = Cached.Create(() => Half(() => Left));

    private static Barrier? CircleStart { get; set; }

    private static int Half(Func<CachedFunction<int>> other)
    {
        CircleStart!.SignalAndWait();
        return other().Invoke();
    }

    private sealed record Point(int X, string Name);

    private sealed class Order
    {
        public Stream? Source { get; set; }
    }

    private sealed class Counter(string path)
    {
        public string Path => path;

        public int Count => File.Exists(path) ? File.ReadAllLines(path).Length : 0;
    }
}
