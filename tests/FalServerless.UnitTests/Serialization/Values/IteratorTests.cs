using System.Buffers;
using System.Collections;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values;

/// <summary>What a compiler makes of a method with yield is run, or refused by what it is: its half-run state is never copied.</summary>
public class IteratorTests
{
    private readonly int _first = 5;

    [Fact]
    public void AnIteratorInASlotForASequenceIsRunAndArrivesAsAList()
    {
        var counter = 0;
        Assert.Equal([0, 1, 2], Travel.RoundTrip<IEnumerable<int>>(Local()));
        Assert.Equal(3, counter);
        Assert.Equal([5, 6], Assert.IsType<List<int>>(Travel.RoundTrip<IEnumerable<int>>(OfThis(2))));
        Assert.Equal(["a", "b"], Assert.IsType<List<string>>(Travel.RoundTrip<IEnumerable<string>>(Generic("a", "b"))));
        Assert.Equal([1, 2], Assert.IsType<List<object>>(Travel.RoundTrip(Untyped())));
        Assert.Equal([5, 6], Assert.IsType<List<int>>(Travel.RoundTrip<object>(OfThis(2))));
        Assert.Equal([5, 6], Travel.RoundTrip<List<IEnumerable<int>>>([OfThis(2)])[0]);
        Assert.Equal([5, 6], Travel.RoundTrip(new Holder { Numbers = OfThis(2) }).Numbers);

        IEnumerable<int> Local()
        {
            while (counter < 3)
            {
                yield return counter++;
            }
        }
    }

    [Fact]
    public void AnIteratorThatHasBegunIsRunFromItsStart()
    {
        var numbers = OfThis(3);
        var running = numbers.GetEnumerator();
        running.MoveNext();
        running.MoveNext();

        Assert.Equal([5, 6, 7], Travel.RoundTrip(numbers));
        Assert.Equal(6, running.Current);
        Assert.True(running.MoveNext());
        Assert.Equal(7, running.Current);
    }

    [Fact]
    public void AnIteratorIsRefusedAndNotRunWhereUserCodeMustNotRun()
    {
        var serializer = new ValueSerializer(TypeNames.OfThisProcess, new() { RunsLazySequences = false, WritesDelegates = true });
        foreach (
            var value in new object[]
            {
                Throwing(),
                new List<object> { Throwing() },
                new Holder { Numbers = Throwing() },
            }
        )
        {
            var error = Assert.Throws<NotSendableException>(() => serializer.Write(new ArrayBufferWriter<byte>(), typeof(object), value));
            Assert.Contains("ToList", error.Suggestion, StringComparison.Ordinal);
        }

        Func<IEnumerator<int>> target = Throwing().GetEnumerator;
        Assert.NotNull(
            Record.Exception(() => serializer.Write(new ArrayBufferWriter<byte>(), typeof(Func<IEnumerator<int>>), target))
                as NotSendableException
        );
    }

    [Fact]
    public void AnEnumeratorThatIsOnItsWayIsRefused()
    {
        var (fresh, begun) = (OnlyEnumerator(), OnlyEnumerator());
        begun.MoveNext();
        foreach (
            var value in new object[]
            {
                fresh,
                begun,
                new List<object> { fresh },
                new Holder { Running = begun },
                UntypedEnumerator(),
            }
        )
        {
            Assert.Contains(
                "Pass the collection",
                Assert.Throws<NotSendableException>(() => Travel.Bytes(value)).Suggestion,
                StringComparison.Ordinal
            );
        }

        Assert.Contains(
            "Pass the collection",
            Assert.Throws<NotSendableException>(() => Travel.Bytes(begun)).Suggestion,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AnAsynchronousIteratorIsRefusedAsOne()
    {
        foreach (
            var value in new object[]
            {
                Async(),
                Async().GetAsyncEnumerator(TestContext.Current.CancellationToken),
                new[] { 1 }.ToAsyncEnumerable(),
                new List<object> { Async() },
            }
        )
        {
            var error = Assert.Throws<NotSendableException>(() => Travel.Bytes(value));
            Assert.Contains("still being made", error.Reason, StringComparison.Ordinal);
            Assert.Contains("into a list", error.Suggestion, StringComparison.Ordinal);
        }

        Assert.Contains(
            "into a list",
            Assert.Throws<NotSendableException>(() => Travel.Bytes(Async())).Suggestion,
            StringComparison.Ordinal
        );
    }

    private IEnumerable<int> OfThis(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return _first + i;
        }
    }

    private static IEnumerable<T> Generic<T>(T first, T second)
    {
        yield return first;
        yield return second;
    }

    private static IEnumerable Untyped()
    {
        yield return 1;
        yield return 2;
    }

    private static IEnumerable<int> Throwing()
    {
        yield return 1;
        throw new InvalidOperationException("The iterator ran.");
    }

    private static IEnumerator<int> OnlyEnumerator()
    {
        yield return 1;
        yield return 2;
    }

    private static IEnumerator UntypedEnumerator()
    {
        yield return 1;
    }

    private static async IAsyncEnumerable<int> Async()
    {
        await Task.Yield();
        yield return 1;
    }

    private sealed class Holder
    {
        public IEnumerable<int>? Numbers { get; init; }

        public IEnumerator<int>? Running { get; init; }
    }
}
