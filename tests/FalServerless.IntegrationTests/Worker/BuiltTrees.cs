using System.Linq.Expressions;
using static System.Linq.Expressions.Expression;

namespace FalServerless.IntegrationTests.Worker;

/// <summary>Trees that no C# lambda gives: statements.</summary>
internal static class BuiltTrees
{
    public static Expression Named(string name) =>
        name switch
        {
            "loop" => SumTo(10),
            "switch" => Switch(
                Constant(2),
                Constant("many"),
                SwitchCase(Constant("one"), Constant(1)),
                SwitchCase(Constant("two"), Constant(2))
            ),
            "try" => Caught(),
            "goto" => Jumped(),
            "nested" => Nested(),
            "filter" => TryCatch(
                Throw(New(typeof(InvalidOperationException)), typeof(string)),
                Catch(typeof(InvalidOperationException), Constant("not this one"), Constant(false)),
                Catch(typeof(InvalidOperationException), Constant("filtered"), Constant(true))
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };

    private static BlockExpression SumTo(int last)
    {
        var (i, sum, end) = (Variable(typeof(int), "i"), Variable(typeof(int), "sum"), Label(typeof(int), "end"));
        return Block(
            [i, sum],
            Loop(Block(IfThen(GreaterThan(i, Constant(last)), Break(end, sum)), AddAssign(sum, PostIncrementAssign(i))), end)
        );
    }

    private static BlockExpression Caught()
    {
        var (text, error) = (Variable(typeof(string), "text"), Parameter(typeof(DivideByZeroException), "error"));
        var concat = typeof(string).GetMethod(nameof(string.Concat), [typeof(string), typeof(string)])!;
        return Block(
            [text],
            TryCatchFinally(
                Block(Divide(Constant(1), Default(typeof(int))), Empty()),
                Assign(text, Add(text, Constant(", cleaned"), concat)),
                Catch(error, Block(Assign(text, Constant("caught")), Empty()))
            ),
            text
        );
    }

    private static BlockExpression Jumped()
    {
        var (n, again) = (Variable(typeof(int), "n"), Label("again"));
        return Block([n], Label(again), PreIncrementAssign(n), IfThen(LessThan(n, Constant(3)), Goto(again)), n);
    }

    // An inner lambda that assigns a variable of the outer block.
    private static BlockExpression Nested()
    {
        var (total, x) = (Variable(typeof(int), "total"), Parameter(typeof(int), "x"));
        var add = Variable(typeof(Action<int>), "add");
        return Block(
            [total, add],
            Assign(add, Lambda<Action<int>>(Block(AddAssign(total, x), Empty()), x)),
            Invoke(add, Constant(10)),
            Invoke(add, Constant(20)),
            total
        );
    }
}
