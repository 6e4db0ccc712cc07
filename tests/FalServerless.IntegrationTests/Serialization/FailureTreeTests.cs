using FalServerless.Serialization.Values;

namespace FalServerless.IntegrationTests.Serialization;

/// <summary>All exceptions of a failure arrive up to a limit, a cut is marked, and the root cause is always there.</summary>
public class FailureTreeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(20)]
    [InlineData(100)]
    public async Task NestedExceptionsArriveAll(int depth)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Isolated.Create((int levels) => ThrowNested(levels)).InvokeAsync(depth, Token)
        );

        Assert.Equal(Enumerable.Range(0, depth).Select(level => $"level {level}").Append("root"), Chain(error).Select(one => one.Message));
    }

    [Theory]
    [InlineData(101)]
    [InlineData(500)]
    [InlineData(20_000)]
    public async Task ACutOfTheDepthIsMarkedAndTheRootCauseIsThere(int depth)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Isolated.Create((int levels) => ThrowNested(levels)).InvokeAsync(depth, Token)
        );

        var chain = Chain(error).ToList();
        var root = Assert.IsType<FormatException>(chain[^1]);
        Assert.Equal("root", root.Message);
        if (depth > 101)
        {
            var mark = Assert.IsType<RemoteException>(chain[^2]);
            Assert.Equal(
                $"{depth - 101} nested exceptions were left out here: a failure is at most 100 deep. The innermost follows.",
                mark.Message
            );
        }

        Assert.Contains("root", error.ToString());
    }

    [Fact]
    public async Task AllFailuresOfManyTasksArrive()
    {
        var error = await Assert.ThrowsAsync<AggregateException>(() =>
            Isolated.Create((int count) => ThrowMany(count)).InvokeAsync(200, Token)
        );

        Assert.Equal(Enumerable.Range(0, 200).Select(number => $"task {number}"), error.InnerExceptions.Select(one => one.Message));
    }

    [Fact]
    public async Task ACutOfTheNumberIsMarked()
    {
        var error = await Assert.ThrowsAsync<AggregateException>(() =>
            Isolated.Create((int count) => ThrowMany(count)).InvokeAsync(1500, Token)
        );

        Assert.Equal(1000, error.InnerExceptions.Count);
        Assert.Equal(
            "501 further exceptions were left out: a failure has at most 1000.",
            Assert.IsType<RemoteException>(error.InnerExceptions[^1]).Message
        );
        Assert.Equal("task 0", error.GetBaseException() is AggregateException ? error.InnerExceptions[0].Message : "");
    }

    [Fact]
    public void ExceptionsThatShareInnerOnesStayWithinTheLimit()
    {
        Exception shared = new FormatException("root");
        for (var i = 0; i < 60; i++)
        {
            shared = new AggregateException(shared, shared);
        }

        var tree = FailureTree.Of(shared);

        Assert.InRange(Count(tree), 60, FailureTree.MaximumExceptions + 200);
        var first = tree;
        while (first.Inner.Count > 0)
        {
            first = first.Inner[0];
        }

        Assert.Equal("root", first.Exception!.Message);
    }

    private static int Count(FailureTree tree) => (tree.Exception is null ? 0 : 1) + tree.Inner.Sum(Count);

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (var one = error; one is not null; one = one.InnerException)
        {
            yield return one;
        }
    }

    private static int ThrowNested(int depth)
    {
        Exception inner = new FormatException("root");
        for (var level = depth - 1; level >= 0; level--)
        {
            inner = new InvalidOperationException($"level {level}", inner);
        }

        throw inner;
    }

    private static int ThrowMany(int count) =>
        throw new AggregateException(Enumerable.Range(0, count).Select(number => new InvalidDataException($"task {number}")));
}
