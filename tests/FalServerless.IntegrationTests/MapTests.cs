using System.Runtime.CompilerServices;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests;

/// <summary>Many calls of one function.</summary>
public class MapTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ResultsComeInTheOrderOfTheInputs()
    {
        var area = Isolated.Create((double r) => Math.PI * r * r);

        Assert.Equal(
            [Math.PI, 4 * Math.PI, 9 * Math.PI],
            await area.MapAsync([1.0, 2.0, 3.0], cancellationToken: Token).ToListAsync(Token)
        );
        Assert.Equal(
            Enumerable.Range(0, 100),
            await Isolated
                .Create((int value) => value)
                .MapAsync(Enumerable.Range(0, 100), concurrency: 8, cancellationToken: Token)
                .ToListAsync(Token)
        );
        Assert.Equal(
            Enumerable.Range(0, 50),
            (
                await Isolated
                    .Create((int value) => value)
                    .MapAsync(Enumerable.Range(0, 50), ordered: false, concurrency: 4, cancellationToken: Token)
                    .ToListAsync(Token)
            ).Order()
        );
        Assert.Empty(await area.MapAsync([], cancellationToken: Token).ToListAsync(Token));
    }

    [Fact]
    public async Task TheFormsOfTheReferenceCompile()
    {
        var (ordered, outcomes, unordered) = await FormsAsync(Isolated.Create((double r) => 2 * r), [1.0, 2.0, 3.0]);

        Assert.Equal([2.0, 4.0, 6.0], ordered);
        Assert.All(outcomes, outcome => Assert.True(outcome.IsSuccess));
        Assert.Equal([2.0, 4.0, 6.0], unordered.Order());
    }

    [Fact]
    public async Task FunctionsOfSeveralInputsTakeTuples()
    {
        Assert.Equal(
            [3, 7],
            await Isolated.Create((int a, int b) => a + b).MapAsync([(1, 2), (3, 4)], cancellationToken: Token).ToListAsync(Token)
        );
        Assert.Equal(
            [6],
            await Isolated.Create((int a, int b, int c) => a + b + c).MapAsync([(1, 2, 3)], cancellationToken: Token).ToListAsync(Token)
        );
        Assert.Equal(
            ["abcd"],
            await Isolated
                .Create((string a, string b, string c, string d) => a + b + c + d)
                .MapAsync([("a", "b", "c", "d")], cancellationToken: Token)
                .ToListAsync(Token)
        );
    }

    [Fact]
    public async Task InputsThatComeLateHoldUpNoResult()
    {
        var gate = new TaskCompletionSource();
        await using var results = Isolated
            .Create((int value) => value)
            .MapAsync(LateAsync(gate.Task, Token), cancellationToken: Token)
            .GetAsyncEnumerator(Token);

        Assert.True(await results.MoveNextAsync());
        Assert.Equal(1, results.Current);
        gate.SetResult();
        Assert.True(await results.MoveNextAsync());
        Assert.Equal(2, results.Current);
        Assert.False(await results.MoveNextAsync());
    }

    [Fact]
    public async Task NoMoreInputsAreReadThanMayBeAheadOfTheReader()
    {
        var read = 0;
        var inputs = Enumerable.Range(0, 100).Select(i => Interlocked.Increment(ref read) - 1 == i ? i : -1);
        await using var results = Isolated
            .Create((int value) => value)
            .MapAsync(inputs, concurrency: 3, cancellationToken: Token)
            .GetAsyncEnumerator(Token);
        Assert.Equal(0, read);

        for (var i = 0; i < 20; i++)
        {
            Assert.True(await results.MoveNextAsync());
            Assert.Equal(i, results.Current);
            Assert.InRange(read, i + 1, i + 4);
        }
    }

    [Fact]
    public async Task TheFirstFailureCancelsTheOthersAndIsThrown()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Path;
        var function = Isolated.Create((IsolatedContext ctx, int value) => FailOrWaitAsync(path, value, ctx.CancellationToken));

        // The first input's call would wait for ever: the failure does not wait for its turn.
        await Assert.ThrowsAsync<ArithmeticException>(async () =>
            await function.MapAsync([0, 1], concurrency: 2, cancellationToken: Token).ToListAsync(Token)
        );

        await Eventually.TrueAsync(() => File.Exists(folder.File("cancelled")), () => "the other call goes on.");
    }

    [Fact]
    public async Task AFailureNamesTheInputThatItWasFor()
    {
        var function = Isolated.Create((int value) => 12 / value);

        var mapped = await Assert.ThrowsAsync<DivideByZeroException>(async () =>
            await function.MapAsync([1, 0], concurrency: 1, cancellationToken: Token).ToListAsync(Token)
        );
        var each = await Assert.ThrowsAsync<DivideByZeroException>(() => function.ForEachAsync([1, 2, 0], concurrency: 1, Token));
        var plain = await Assert.ThrowsAsync<DivideByZeroException>(async () =>
            await function.MapAsync([1, 2, 3, 0], returnExceptions: false, concurrency: 1, cancellationToken: Token).ToListAsync(Token)
        );

        Assert.Equal([1, 2, 3], new Exception[] { mapped, each, plain }.Select(exception => exception.Data["FalServerless.InputIndex"]));
    }

    [Fact]
    public async Task WithExceptionsReturnedEachInputHasItsOwnOutcome()
    {
        var results = await Isolated
            .Create((int value) => 12 / value)
            .MapAsync([1, 0, 3], returnExceptions: true, cancellationToken: Token)
            .ToListAsync(Token);

        Assert.Equal([(0, true), (1, false), (2, true)], results.Select(result => (result.Index, result.IsSuccess)));
        Assert.Equal((12, 4), (results[0].Value, results[2].Value));
        Assert.IsType<DivideByZeroException>(results[1].Exception);
        var unordered = await Isolated
            .Create((int value) => 12 / value)
            .MapAsync([1, 0, 3], returnExceptions: true, ordered: false, concurrency: 2, cancellationToken: Token)
            .ToListAsync(Token);
        Assert.Equal([0, 1, 2], unordered.Select(result => result.Index).Order());
        await Assert.ThrowsAsync<DivideByZeroException>(async () =>
            await Isolated
                .Create((int value) => 12 / value)
                .MapAsync([1, 0, 3], returnExceptions: false, cancellationToken: Token)
                .ToListAsync(Token)
        );
    }

    [Fact]
    public async Task LeavingTheResultsEarlyCancelsWhatRuns()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Path;
        var function = Isolated.Create((IsolatedContext ctx, int value) => ReturnOrWaitAsync(path, value, ctx.CancellationToken));

        Assert.Equal(0, await function.MapAsync([0, 1], concurrency: 2, cancellationToken: Token).FirstAsync(Token));

        await Eventually.TrueAsync(
            () => File.Exists(folder.File("cancelled")) || !File.Exists(folder.File("waits")),
            () => "the other call goes on."
        );
    }

    [Fact]
    public async Task TheTokenCancelsAllCallsAndIsTheOneOfTheError()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var path = folder.Path;
        var function = Isolated.Create((IsolatedContext ctx, int value) => ReturnOrWaitAsync(path, value, ctx.CancellationToken));
        var results = function.MapAsync([1, 2], concurrency: 1, cancellationToken: stop.Token).ToListAsync(Token).AsTask();
        await Eventually.TrueAsync(() => File.Exists(folder.File("waits")), () => "it does not run.");

        stop.Cancel();

        Assert.Equal(stop.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => results)).CancellationToken);
    }

    [Fact]
    public async Task WhatTheInputsThrowIsThrown()
    {
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
            await Isolated.Create((int value) => value).MapAsync(Failing(), cancellationToken: Token).ToListAsync(Token)
        );
        Assert.Throws<ArgumentNullException>(() =>
            Isolated.Create((int value) => value).MapAsync((IEnumerable<int>)null!, cancellationToken: Token)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Isolated.Create((int value) => value).MapAsync([1], concurrency: 0, cancellationToken: Token)
        );
    }

    [Fact]
    public async Task ForEachCallsForEachInput()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Path;
        await Isolated
            .Create((int value) => File.WriteAllText(Path.Combine(path, $"{value}"), ""))
            .ForEachAsync(Enumerable.Range(0, 30), concurrency: 5, Token);
        await Isolated
            .Create((string name, string text) => File.WriteAllText(Path.Combine(path, name), text))
            .ForEachAsync([("a", "1"), ("b", "2")], cancellationToken: Token);
        await Isolated.Create((int value) => value).ForEachAsync(LateAsync(Task.CompletedTask, Token), cancellationToken: Token);
        await Assert.ThrowsAsync<DivideByZeroException>(() =>
            Isolated.Create((int value) => 1 / value).ForEachAsync([1, 0], cancellationToken: Token)
        );

        Assert.Equal(32, Directory.GetFiles(path).Length);
    }

    private static async Task<(List<double>, List<MapResult<double>>, List<double>)> FormsAsync(
        IsolatedFunction<double, double> area,
        double[] inputs
    )
    {
        var many = await area.MapAsync([1.0, 2.0, 3.0]).ToListAsync();
        return (
            many,
            await area.MapAsync(inputs, returnExceptions: true).ToListAsync(),
            await area.MapAsync(inputs, ordered: false, concurrency: 4).ToListAsync()
        );
    }

    private static IEnumerable<int> Failing()
    {
        yield return 1;
        throw new InvalidDataException("As the test wants it.");
    }

    private static async IAsyncEnumerable<int> LateAsync(Task gate, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return 1;
        await gate.WaitAsync(cancellationToken);
        yield return 2;
    }

    private static async Task<int> FailOrWaitAsync(string folder, int value, CancellationToken cancellationToken)
    {
        if (value == 0)
        {
            return await ReturnOrWaitAsync(folder, 1, cancellationToken);
        }

        while (!File.Exists(Path.Combine(folder, "waits")))
        {
            await Task.Delay(10, cancellationToken);
        }

        throw new ArithmeticException("As the test wants it.");
    }

    private static async Task<int> ReturnOrWaitAsync(string folder, int value, CancellationToken cancellationToken)
    {
        if (value == 0)
        {
            return 0;
        }

        File.WriteAllText(Path.Combine(folder, "waits"), "");
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            File.WriteAllText(Path.Combine(folder, "cancelled"), "");
        }

        return value;
    }
}
