using System.Buffers;
using FalServerless.Capture;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;

namespace FalServerless.UnitTests.Capture;

public class PruningTests
{
    private const int Large = 10_000_000;

    private static readonly ValueSerializer Serializer = new(TypeNames.OfThisProcess, new() { WritesDelegates = true });

    [Fact]
    public void WithoutPruningTheNeighbourWouldBeRefusedOrLarge()
    {
        using var client = new HttpClient();
        var name = "small";
        Func<object> neighbour = () => client;
        Func<string> body = () =>
        {
            return name + "!";
        };
        Assert.Equal(
            "client",
            Assert.Throws<CaptureException>(() => FunctionCapture.Capture(body, takesContext: false, isPruned: false)).Path
        );

        Assert.InRange(LargeNeighbour(isPruned: false), Large, int.MaxValue);
        Assert.InRange(LargeNeighbour(isPruned: true), 1, 100);
        GC.KeepAlive(neighbour);

        static int LargeNeighbour(bool isPruned)
        {
            var large = new byte[Large];
            var number = 1;
            Func<object> neighbour = () => large;
            Func<int> body = () =>
            {
                return number;
            };
            GC.KeepAlive(neighbour);
            return Size(FunctionCapture.Capture(body, takesContext: false, isPruned));
        }
    }

    [Fact]
    public void FieldsAreFoundWhereverTheCompilerPutTheCode()
    {
        var (a, b, c, d, e, f, g, unused) = (1, 2, 3, 4, 5, 6, 7, 8);
        Func<int> neighbour = () => unused;
        Func<Task<int>> body = async () =>
        {
            await Task.Yield();
            var sum = Local() + Items().Sum() + new[] { 1 }.Select(x => x + c).First();
            await foreach (var item in LaterAsync())
            {
                sum += item;
            }

            System.Linq.Expressions.Expression<Func<int>> tree = () => e;
            ref var place = ref f;
            return sum + place + tree.Compile()() + await StartAsync();

            int Local() => a;

            IEnumerable<int> Items()
            {
                yield return b;
            }

            async IAsyncEnumerable<int> LaterAsync()
            {
                await Task.Yield();
                yield return d;
            }

            async Task<int> StartAsync()
            {
                await Task.Yield();
                return g;
            }
        };

        Assert.Equal(["a", "b", "c", "d", "e", "f", "g"], Used(body));
        Assert.Equal(["unused"], Used(neighbour));
    }

    [Fact]
    public void FieldsOfGenericClosuresAreFound() => Generic("x", 5);

    [Fact]
    public void AnOuterScopeTravelsWithItsUsedVariablesOnly()
    {
        var (outer, stays) = (1, 2);
        Func<int> neighbour = () => stays;
        for (var i = 0; i < 1; i++)
        {
            var (inner, also) = (i + 3, 4);
            Func<int> other = () => also + stays;
            Assert.Equal(
                ["inner", "outer"],
                Used(() =>
                {
                    return inner + outer;
                })
            );
            GC.KeepAlive(other);
        }

        GC.KeepAlive(neighbour);
    }

    [Fact]
    public void WhatACodeUsesIsKeptAndAddedOnce()
    {
        var (a, b, c) = (1, 2, 3);
        Func<int> one = () =>
        {
            return a;
        };
        Func<int> both = () =>
        {
            return a + b;
        };
        Func<int> other = () =>
        {
            return c;
        };

        // That of no code keeps a bounded number, which other tests may have used up.
        var start = ClosureFieldUsage.None.With(other.Method);
        var use = start.With(one.Method);

        Assert.NotSame(start, use);
        Assert.Same(use, start.With(one.Method));
        Assert.Same(use, use.With(one.Method));
        Assert.NotSame(use, use.With(both.Method));
        Assert.Same(use.With(both.Method), use.With(both.Method));
        Assert.Same(ClosureFieldUsage.All, ClosureFieldUsage.All.With(one.Method));
    }

    private static void Generic<T>(T value, int count)
    {
        var unused = new MemoryStream();
        Func<object> neighbour = () => unused;

        Assert.Equal(
            ["count", "value"],
            Used(() =>
            {
                return Enumerable.Range(0, count).Select(i => Pair(i, value)).ToArray();
            })
        );
        GC.KeepAlive(neighbour);

        (U, T) Pair<U>(U first, T second) => (first, count > 0 ? second : value);
    }

    private static string[] Used(Delegate body) =>
        [.. CaptureGuard.FieldsOf(body.Target!.GetType(), ClosureFieldUsage.None.With(body.Method)).Select(ClosureNames.Variable).Order()];

    private static int Size(CapturedFunction function)
    {
        var payload = new ArrayBufferWriter<byte>();
        Serializer.WriteAll(payload, function.Types, [.. function.Captured.Select(variable => variable.Read())], function.Use);
        return payload.WrittenCount;
    }
}
