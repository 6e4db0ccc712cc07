using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using FalServerless.Serialization.Closures;
using FalServerless.Serialization.Expressions;
using FalServerless.Tests.Shared.Expressions;

namespace FalServerless.UnitTests.Serialization.Expressions;

public class DepthTests
{
    private const int OneMegabyte = 1024 * 1024;
    private const int TooDeep = 100_000;

    // A block's and a condition's type is that of their innermost part: building them takes quadratic time.
    private const int DeepEnough = 5_000;

    public static TheoryData<string> Shapes => [.. Deep.Keys];

    private static Dictionary<string, Func<int, LambdaExpression>> Deep { get; } =
        new()
        {
            ["operators to the left"] = depth => Nested(depth, inner => Expression.Add(inner, Expression.Constant(1))),
            ["operators to the right"] = depth => Nested(depth, inner => Expression.Add(Expression.Constant(1), inner)),
            ["calls"] = depth => Nested(depth, inner => Expression.Call(typeof(Math), "Abs", null, inner)),
            ["conditions"] = depth =>
                Nested(depth, inner => Expression.Condition(Expression.Constant(true), inner, Expression.Constant(2))),
            ["blocks"] = depth => Nested(depth, inner => Expression.Block([Expression.Parameter(typeof(int))], inner)),
            ["lambdas"] = depth => Nested(depth, inner => Expression.Invoke(Expression.Lambda<Func<int>>(inner))),
            ["tries"] = depth => Nested(depth, inner => Expression.TryFinally(inner, Expression.Empty())),
            ["bindings"] = Bindings,
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ATreeTooDeepIsRefusedByTheHoister(string shape) =>
        Assert.Contains(
            "nested",
            Assert.Throws<ExpressionNotSendableException>(() => ClosureHoister.Hoist(Deep[shape](DepthOf(shape)))).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ATreeTooDeepIsRefusedByTheWriter(string shape) =>
        Assert.Contains(
            "nested",
            Assert.Throws<ExpressionNotSendableException>(() => Travelled.Bytes(Deep[shape](DepthOf(shape)))).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ATreeOfNearlyTheLimitTravelsOnAStackOfOneMegabyte(string shape) =>
        OnStackOf(
            OneMegabyte,
            () =>
            {
                var lambda = Deep[shape]((TreeGuard.MaximumDepth - 10) / (shape == "lambdas" ? 2 : 1));
                var bytes = Travelled.Bytes(ClosureHoister.Hoist(lambda).ToLambda());
                Assert.Equal(bytes, Travelled.Bytes(Travelled.Back(bytes)));
            }
        );

    [Fact]
    public void WhereTheStackEndsADeepTreeIsRefusedInsteadOfEndingTheProcess() =>
        AtTheEndOfTheStack(() =>
        {
            var lambda = Deep["operators to the left"](TreeGuard.MaximumDepth - 10);
            Assert.Throws<ExpressionNotSendableException>(() => ClosureHoister.Hoist(lambda));
        });

    [Fact]
    public void ADeepTreeThatTravelsAlsoRuns()
    {
        var lambda = Deep["operators to the left"](TreeGuard.MaximumDepth - 10);
        Assert.Equal(TreeGuard.MaximumDepth - 10 + 7, Travelled.Invoke(lambda));
    }

    [Fact]
    public void ATreeWithSharedPartsThatGrowsWithoutBoundIsRefused()
    {
        var lambda = Nested(64, inner => Expression.Add(inner, inner));

        Assert.Contains(
            "nodes",
            Assert.Throws<ExpressionNotSendableException>(() => ClosureHoister.Hoist(lambda)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "nodes",
            Assert.Throws<ExpressionNotSendableException>(() => Travelled.Bytes(lambda)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AChainOfFieldsTooDeepIsRefused()
    {
        var body = Nested(TooDeep, inner => inner, new Link()).Body;
        for (var i = 0; i < TooDeep; i++)
        {
            body = Expression.Field(body, nameof(Link.Next));
        }

        Assert.Throws<ExpressionNotSendableException>(() => ClosureHoister.Hoist(Expression.Lambda(body)));
    }

    private static int DepthOf(string shape) => shape is "blocks" or "conditions" or "tries" ? DeepEnough : TooDeep;

    private static LambdaExpression Nested(int depth, Func<Expression, Expression> around, object? core = null)
    {
        Expression body = Expression.Constant(core ?? 7);
        for (var i = 0; i < depth; i++)
        {
            body = around(body);
        }

        return Expression.Lambda(body);
    }

    private static LambdaExpression Bindings(int depth)
    {
        var inner = typeof(Basket).GetProperty(nameof(Basket.Inner))!;
        MemberBinding binding = Expression.Bind(typeof(Basket).GetField(nameof(Basket.Count))!, Expression.Constant(1));
        for (var i = 0; i < depth; i++)
        {
            binding = Expression.MemberBind(inner, binding);
        }

        return Expression.Lambda(Expression.MemberInit(Expression.New(typeof(Basket)), binding));
    }

    private static void OnStackOf(int bytes, Action test)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(test), bytes);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    // A small thread would not do: its stack may be a larger one that an earlier thread left behind.
    private static void AtTheEndOfTheStack(Action test)
    {
        Span<byte> used = stackalloc byte[1024];
        used.Fill(1);
        if (RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            AtTheEndOfTheStack(test);
        }
        else
        {
            test();
        }
    }

    internal sealed class Link
    {
        public Link? Next = null;
    }
}
