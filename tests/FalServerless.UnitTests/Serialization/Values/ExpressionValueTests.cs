using System.Buffers;
using System.Linq.Expressions;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Expressions;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values;

public class ExpressionValueTests
{
    // Such as a worker's: some of the forms capture delegates.
    private static readonly ValueSerializer WithCode = new(
        TypeNames.OfThisProcess,
        ValueLimits.Default with
        {
            WritesDelegates = true,
            ReadsDelegates = true,
        }
    );

    private static bool _hasRun;

    // A number of a pointer's size cannot be captured, by an expression or otherwise.
    public static IEnumerable<TheoryDataRow<string>> Forms => ExpressionForms.Names.Where(row => row.Data != "() => native");

    [Theory]
    [MemberData(nameof(Forms))]
    public void EveryFormIsAValueThatGivesWhatItGivesHere(string name)
    {
        var form = ExpressionForms.Named(name);

        var there = form with { Lambda = (LambdaExpression)RoundTrip(typeof(LambdaExpression), form.Lambda)! };

        Assert.Equal(form.Lambda.Type, there.Lambda.Type);
        Assert.Equal(form.Local(), there.Local());
    }

    [Fact]
    public void APredicateTakesWhatItCapturesAsItIsWhenItIsSent()
    {
        var limit = 3;
        Expression<Func<int, bool>> isMore = number => number > limit;
        limit = 4;

        var there = Travel.RoundTrip(isMore);

        limit = 5;
        Assert.Equal([false, true], new[] { 4, 5 }.Select(there.Compile()));
        var (parameter, use) = (there.Parameters.Single(), ((BinaryExpression)there.Body).Left);
        Assert.Same(parameter, use);
    }

    [Fact]
    public void AnExpressionStandsWhereverAValueMay()
    {
        Expression<Func<int, bool>> isOdd = number => number % 2 == 1;
        var there = Travel.RoundTrip(
            new Rule
            {
                Name = "odd",
                Test = isOdd,
                Any = isOdd,
                Lambda = isOdd,
                All = [isOdd, number => number > 0],
            }
        );

        Assert.True(there.Test!.Compile()(3));
        Assert.Same(there.Test, there.Any);
        Assert.Same(there.Test, there.Lambda);
        Assert.Same(there.Test, there.All![0]);
        Assert.True(there.All[1].Compile()(1));
        Assert.Null(there.Missing);
    }

    [Fact]
    public void AnExpressionInsideAnotherOneIsAValueOfIt()
    {
        var least = 2;
        Expression<Func<int, bool>> isEnough = number => number >= least;
        Expression<Func<IQueryable<int>, int>> count = numbers => numbers.Where(isEnough).Count(number => number != least);

        var there = Travel.RoundTrip(count);

        Assert.Equal(2, there.Compile()(new[] { 1, 2, 3, 4 }.AsQueryable()));
        Assert.Contains("Quote", new Kinds().Of(there), StringComparison.Ordinal);
    }

    [Fact]
    public void PartsOfTreesShareTheVariableThatNothingInThemDeclares()
    {
        var x = Expression.Parameter(typeof(int), "x");
        var parts = new Parts
        {
            Variable = x,
            Body = Expression.Add(x, Expression.Constant(1)),
            Whole = Expression.Multiply(x, x),
        };

        var there = Travel.RoundTrip(parts);

        Assert.Equal("(x * x)", there.Whole!.ToString());
        Assert.Equal(42, Expression.Lambda<Func<int, int>>(there.Body!, there.Variable!).Compile()(41));
        Assert.Equal(9, Expression.Lambda<Func<int, int>>(there.Whole, there.Variable!).Compile()(3));
    }

    [Fact]
    public void DelegatesOfOnesOwnAndVariablesByReferenceArrive()
    {
        var x = Expression.Parameter(typeof(int).MakeByRefType(), "x");
        var increase = Expression.Lambda<Increase>(Expression.PreIncrementAssign(x), "increase", [x]);

        var there = Travel.RoundTrip(increase);

        var number = 1;
        Assert.Equal(2, there.Compile()(ref number));
        Assert.Equal(("increase", 2), (there.Name, number));
    }

    [Fact]
    public void WhatATreePutsIntoAVariableIsThereForAllOfIt()
    {
        var half = 0;
        Expression<Func<int, int>> twice = number => Halve(number, out half) ? half + half : -half;

        Assert.Equal((8, -4), (Travel.RoundTrip(twice).Compile()(8), Travel.RoundTrip(Travel.RoundTrip(twice)).Compile()(9)));
        Assert.Equal(0, half);
    }

    [Fact]
    public void WhatATreeCapturesIsRefusedByItsPath()
    {
        var stream = new MemoryStream();
        var rule = new Rule { Test = number => stream.Length > number };

        var error = Assert.Throws<NotSendableException>(() => Travel.Bytes(rule));

        Assert.Equal("Test.stream", error.Path);
        Assert.Equal(typeof(MemoryStream), error.Type);
    }

    [Fact]
    public void ATreeMayBeInWhatItHoldsIfThatComesFirst()
    {
        var rule = new Rule();
        rule.Any = Expression.Constant(rule);

        var there = Travel.RoundTrip(rule);

        Assert.Same(there, ((ConstantExpression)there.Any!).Value);
        Assert.Contains(
            "contains itself",
            Assert.Throws<NotSendableException>(() => Travel.Bytes(rule.Any)).Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ANodeOfAClassOfOnesOwnIsRefusedAndItsCodeNeverRuns()
    {
        var error = Assert.Throws<NotSendableException>(() => Travel.Bytes<Expression>(Expression.Not(new OwnNode())));

        Assert.Contains(nameof(OwnNode), error.Reason, StringComparison.Ordinal);
        Assert.Contains("Reduce it", error.Suggestion, StringComparison.Ordinal);
        Assert.False(_hasRun);
    }

    [Fact]
    public void ChangedMessagesGiveATreeOrAProtocolError()
    {
        var (limit, text) = (3, "a");
        Expression<Func<int, bool>> inner = number => number > limit;
        Expression<Func<IQueryable<int>, string>> outer = numbers => text + numbers.Count(inner) + typeof(Rule).Name;
        var message = Travel.Bytes(new Rule { Any = outer, Test = inner });
        var (trees, refused) = (0, 0);
        Mutation
            .Of(message)
            .Sample(
                20_000,
                changed =>
                {
                    try
                    {
                        Travel.Read<Rule>(changed);
                        trees++;
                    }
                    catch (ProtocolException)
                    {
                        refused++;
                    }
                },
                Convert.ToHexString
            );

        Assert.True(trees > 10 && refused > 10, $"{trees} trees, {refused} refused");
    }

    [Fact]
    public void EveryTruncationIsAProtocolError()
    {
        var limit = 3;
        var message = Travel.Bytes<Expression<Func<int, bool>>>(number => number > limit);

        for (var length = 0; length < message.Length; length++)
        {
            Assert.Throws<ProtocolException>(() => Travel.Read<Expression<Func<int, bool>>>(message[..length]));
        }
    }

    private static bool Halve(int number, out int half)
    {
        half = number / 2;
        return number % 2 == 0;
    }

    private static object? RoundTrip(Type declared, object? value)
    {
        var output = new ArrayBufferWriter<byte>();
        WithCode.Write(output, declared, value);
        return WithCode.Read(new ReadOnlySequence<byte>(output.WrittenMemory), declared);
    }

    private delegate int Increase(ref int number);

    private sealed class Rule
    {
        public string? Name;
        public Expression<Func<int, bool>>? Test;
        public Expression? Any;
        public LambdaExpression? Lambda;
        public List<Expression<Func<int, bool>>>? All;
        public Expression<Action>? Missing = null;
    }

    private sealed class Parts
    {
        public ParameterExpression? Variable;
        public Expression? Body;
        public BinaryExpression? Whole;
    }

    private sealed class OwnNode : Expression
    {
        public override ExpressionType NodeType => Run(ExpressionType.Extension);

        public override Type Type => Run(typeof(bool));

        public override bool CanReduce => Run(true);

        public override Expression Reduce() => Run(Constant(true));

        private static T Run<T>(T value)
        {
            _hasRun |= new System.Diagnostics.StackTrace().ToString().Contains("FalServerless.Serialization", StringComparison.Ordinal);
            return value;
        }
    }

    private sealed class Kinds : ExpressionVisitor
    {
        private string _kinds = "";

        public string Of(Expression tree)
        {
            Visit(tree);
            return _kinds;
        }

        public override Expression? Visit(Expression? node)
        {
            _kinds += $" {node?.NodeType}";
            return base.Visit(node);
        }
    }
}
