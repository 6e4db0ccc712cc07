using System.Linq.Expressions;
using FalServerless.Tests.Shared.Expressions;
using static System.Linq.Expressions.Expression;

namespace FalServerless.UnitTests.Serialization.Expressions;

/// <summary>
/// Makes trees of ints, strings, bools and nullables at random, with variables, lambdas, closures and exceptions in them.
/// </summary>
internal sealed class RandomTree(Random random)
{
    private readonly List<ParameterExpression> _scope = [];

    public LambdaExpression Make()
    {
        var (number, text) = (Parameter(typeof(int), "number"), Parameter(typeof(string), "text"));
        _scope.AddRange([number, text]);
        Type[] types = [typeof(int), typeof(string), typeof(bool), typeof(int?), typeof(double)];
        return Lambda(Of(types[random.Next(types.Length)], 6), number, text);
    }

    private Expression Of(Type type, int depth)
    {
        if (depth == 0 || random.Next(8) == 0)
        {
            return Leaf(type);
        }

        return random.Next(12) switch
        {
            0 => Condition(Of(typeof(bool), depth - 1), Of(type, depth - 1), Of(type, depth - 1)),
            1 => WithVariable(type, depth),
            2 => Called(type, depth),
            3 => TryCatch(Of(type, depth - 1), Catch(typeof(Exception), Of(type, depth - 1))),
            4 => Switch(
                type,
                Of(typeof(int), depth - 1),
                Of(type, depth - 1),
                null,
                SwitchCase(Of(type, depth - 1), Constant(random.Next(5)), Constant(7))
            ),
            _ => Operator(type, depth),
        };
    }

    private Expression Operator(Type type, int depth) =>
        type == typeof(int) ? Number(depth)
        : type == typeof(string) ? Text(depth)
        : type == typeof(bool) ? Truth(depth)
        : type == typeof(double)
            ? (random.Next(2) == 0 ? Convert(Of(typeof(int), depth - 1), type) : Multiply(Of(type, depth - 1), Of(type, depth - 1)))
        // No lifted sums: .NET 10's compiler reuses a temporary and gives 54 for -3 + (57 + null) with a try in it, where its interpreter
        // gives null.
        : Convert(Of(typeof(int), depth - 1), type);

    private Expression Number(int depth)
    {
        Expression Next() => Of(typeof(int), depth - 1);
        return random.Next(12) switch
        {
            0 => Divide(Next(), Next()),
            1 => MultiplyChecked(Next(), Next()),
            2 => Subtract(Next(), Next()),
            3 => ExclusiveOr(Next(), Next()),
            4 => Negate(Next()),
            5 => LeftShift(Next(), Next()),
            6 => Property(Of(typeof(string), depth - 1), "Length"),
            7 => Call(typeof(Helpers), nameof(Helpers.Twice), null, Next()),
            8 => Coalesce(Of(typeof(int?), depth - 1), Next()),
            9 => ArrayIndex(NewArrayInit(typeof(int), Next(), Next()), Constant(random.Next(3))),
            10 => Property(ListInit(New(typeof(List<int>)), Next(), Next()), "Count"),
            _ => Add(Next(), Next()),
        };
    }

    private Expression Text(int depth) =>
        random.Next(3) switch
        {
            0 => Add(
                Of(typeof(string), depth - 1),
                Of(typeof(string), depth - 1),
                typeof(string).GetMethod("Concat", [typeof(string), typeof(string)])
            ),
            1 => Call(Of(typeof(int), depth - 1), "ToString", null),
            _ => Coalesce(Of(typeof(string), depth - 1), Of(typeof(string), depth - 1)),
        };

    private Expression Truth(int depth) =>
        random.Next(7) switch
        {
            0 => LessThan(Of(typeof(int), depth - 1), Of(typeof(int), depth - 1)),
            1 => Equal(Of(typeof(string), depth - 1), Of(typeof(string), depth - 1)),
            2 => ReferenceEqual(Of(typeof(string), depth - 1), Constant(null, typeof(string))),
            3 => GreaterThan(Of(typeof(int?), depth - 1), Of(typeof(int?), depth - 1)),
            4 => TypeIs(Convert(Of(typeof(int?), depth - 1), typeof(object)), typeof(int)),
            5 => Not(Of(typeof(bool), depth - 1)),
            _ => OrElse(Of(typeof(bool), depth - 1), AndAlso(Of(typeof(bool), depth - 1), Of(typeof(bool), depth - 1))),
        };

    private BlockExpression WithVariable(Type type, int depth)
    {
        var variable = Variable(random.Next(2) == 0 ? typeof(int) : typeof(string), random.Next(2) == 0 ? null : "local");
        var first = Assign(variable, Of(variable.Type, depth - 1));
        _scope.Add(variable);
        var block = Block([variable], first, Of(type, depth - 1));
        _scope.Remove(variable);
        return block;
    }

    private InvocationExpression Called(Type type, int depth)
    {
        var argument = Of(typeof(int), depth - 1);
        var parameter = Parameter(typeof(int), "argument");
        _scope.Add(parameter);
        var call = Invoke(Lambda(Of(type, depth - 1), parameter), argument);
        _scope.Remove(parameter);
        return call;
    }

    private Expression Leaf(Type type)
    {
        var known = _scope.Where(parameter => parameter.Type == type).ToArray();
        return known.Length > 0 && random.Next(2) == 0 ? known[random.Next(known.Length)]
            : type == typeof(int) ? (random.Next(3) == 0 ? Captured(random.Next(10)) : Constant(random.Next(-3, 10)))
            : type == typeof(string) ? (random.Next(3) == 0 ? Captured("captured") : Constant(random.Next(4) == 0 ? null : "s", type))
            : type == typeof(bool) ? Constant(random.Next(2) == 0)
            : type == typeof(double) ? Constant(random.Next() / 7.0)
            : random.Next(2) == 0 ? Constant(null, type)
            : Constant(random.Next(9), type);
    }

    private static Expression Captured<T>(T value)
    {
        Expression<Func<T>> lambda = () => value;
        return lambda.Body;
    }
}
