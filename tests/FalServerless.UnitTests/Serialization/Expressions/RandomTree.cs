using System.Linq.Expressions;
using CsCheck;
using FalServerless.Tests.Shared.Expressions;
using static System.Linq.Expressions.Expression;

namespace FalServerless.UnitTests.Serialization.Expressions;

/// <summary>
/// Trees of ints, strings, bools and nullables, with variables, lambdas, closures and exceptions in them.
/// </summary>
internal static class RandomTree
{
    private const int Depth = 6;

    private static readonly Type[] Types = [typeof(int), typeof(string), typeof(bool), typeof(int?), typeof(double)];

    // Each depth is made of the one below it, of which there is one for all.
    private static readonly Dictionary<(Type Type, int Depth), Gen<Node>> Nodes = [];

    private delegate Expression Node(IReadOnlyList<ParameterExpression> scope);

    /// <summary>
    /// With two parameters, an int and a string. Of all depths: among large trees only, no small one would be found that fails.
    /// </summary>
    public static Gen<LambdaExpression> Lambdas { get; } =
        Gen.OneOf([.. Enumerable.Range(0, Depth + 1).SelectMany(depth => Types.Select(type => Of(type, depth)))])
            .Select(body =>
            {
                var (number, text) = (Parameter(typeof(int), "number"), Parameter(typeof(string), "text"));
                return Lambda(body([number, text]), number, text);
            });

    private static Gen<Node> Of(Type type, int depth)
    {
        if (!Nodes.TryGetValue((type, depth), out var nodes))
        {
            nodes = Nodes[(type, depth)] = depth == 0 ? Leaf(type) : Gen.Frequency((1, Leaf(type)), (7, Inner(type, depth - 1)));
        }

        return nodes;
    }

    private static Gen<Node> Inner(Type type, int depth)
    {
        var (self, number, truth) = (Of(type, depth), Of(typeof(int), depth), Of(typeof(bool), depth));
        return Gen.Frequency(
            (7, Operator(type, depth)),
            (1, Made(truth, self, self, Condition)),
            (1, WithVariable(type, depth)),
            (1, Called(type, depth)),
            (1, Made(self, self, (body, handler) => TryCatch(body, Catch(typeof(Exception), handler)))),
            (
                1,
                Gen.Select(
                    number,
                    self,
                    self,
                    Gen.Int[0, 4],
                    (value, otherwise, result, key) =>
                        (Node)(
                            scope =>
                                Switch(type, value(scope), otherwise(scope), null, SwitchCase(result(scope), Constant(key), Constant(7)))
                        )
                )
            )
        );
    }

    private static Gen<Node> Operator(Type type, int depth) =>
        type == typeof(int) ? Number(depth)
        : type == typeof(string) ? Text(depth)
        : type == typeof(bool) ? Truth(depth)
        // No lifted sums: .NET 10's compiler reuses a temporary and gives 54 for -3 + (57 + null) with a try in it, where its interpreter
        // gives null.
        : type == typeof(int?) ? Made(Of(typeof(int), depth), one => Convert(one, type))
        : Gen.OneOf(Made(Of(typeof(int), depth), one => Convert(one, type)), Made(Of(type, depth), Of(type, depth), Multiply));

    private static Gen<Node> Number(int depth)
    {
        var (one, text, maybe) = (Of(typeof(int), depth), Of(typeof(string), depth), Of(typeof(int?), depth));
        return Gen.OneOf(
            Made(one, one, Add),
            Made(one, one, Divide),
            Made(one, one, MultiplyChecked),
            Made(one, one, Subtract),
            Made(one, one, ExclusiveOr),
            Made(one, Negate),
            Made(one, one, LeftShift),
            Made(text, value => Property(value, "Length")),
            Made(one, value => Call(typeof(Helpers), nameof(Helpers.Twice), null, value)),
            Made(maybe, one, Coalesce),
            Gen.Select(
                one,
                one,
                Gen.Int[0, 2],
                (first, second, index) =>
                    (Node)(scope => ArrayIndex(NewArrayInit(typeof(int), first(scope), second(scope)), Constant(index)))
            ),
            Made(one, one, (first, second) => Property(ListInit(New(typeof(List<int>)), first, second), "Count"))
        );
    }

    private static Gen<Node> Text(int depth)
    {
        var text = Of(typeof(string), depth);
        return Gen.OneOf(
            Made(text, text, (left, right) => Add(left, right, typeof(string).GetMethod("Concat", [typeof(string), typeof(string)]))),
            Made(Of(typeof(int), depth), number => Call(number, "ToString", null)),
            Made(text, text, Coalesce)
        );
    }

    private static Gen<Node> Truth(int depth)
    {
        var (number, text, maybe) = (Of(typeof(int), depth), Of(typeof(string), depth), Of(typeof(int?), depth));
        var truth = Of(typeof(bool), depth);
        return Gen.OneOf(
            Made(number, number, LessThan),
            Made(text, text, Equal),
            Made(text, value => ReferenceEqual(value, Constant(null, typeof(string)))),
            Made(maybe, maybe, GreaterThan),
            Made(maybe, value => TypeIs(Convert(value, typeof(object)), typeof(int))),
            Made(truth, Not),
            Made(truth, truth, truth, (first, second, third) => OrElse(first, AndAlso(second, third)))
        );
    }

    private static Gen<Node> WithVariable(Type type, int depth) =>
        Gen.OneOf(typeof(int), typeof(string))
            .SelectMany(declared =>
                Gen.Select(
                    Of(declared, depth),
                    Of(type, depth),
                    Gen.Bool,
                    (first, body, isNamed) =>
                        (Node)(
                            scope =>
                            {
                                var variable = Variable(declared, isNamed ? "local" : null);
                                return Block([variable], Assign(variable, first(scope)), body([.. scope, variable]));
                            }
                        )
                )
            );

    private static Gen<Node> Called(Type type, int depth) =>
        Gen.Select(
            Of(typeof(int), depth),
            Of(type, depth),
            (argument, body) =>
                (Node)(
                    scope =>
                    {
                        var parameter = Parameter(typeof(int), "argument");
                        return Invoke(Lambda(body([.. scope, parameter]), parameter), argument(scope));
                    }
                )
        );

    private static Gen<Node> Leaf(Type type) =>
        Gen.Select(
            Constants(type),
            Gen.Int[0, 7],
            (constant, pick) =>
                (Node)(
                    scope =>
                    {
                        var known = scope.Where(parameter => parameter.Type == type).ToArray();
                        return known.Length > 0 && pick % 2 == 1 ? known[pick / 2 % known.Length] : constant;
                    }
                )
        );

    private static Gen<Expression> Constants(Type type) =>
        type == typeof(int) ? Gen.Frequency((2, Gen.Int[-3, 9].Select(value => Of(value, type))), (1, Gen.Int[0, 9].Select(Captured)))
        : type == typeof(string)
            ? Gen.Frequency(
                (2, Gen.OneOf("s", "s", "s", null).Select(value => Of(value, type))),
                (1, Gen.Const("captured").Select(Captured))
            )
        : type == typeof(bool) ? Gen.Bool.Select(value => Of(value, type))
        : type == typeof(double) ? Gen.Int[0, int.MaxValue].Select(value => Of(value / 7.0, type))
        : Gen.Frequency((1, Gen.Const(Of(null, type))), (1, Gen.Int[0, 8].Select(value => Of(value, type))));

    private static Expression Of(object? value, Type type) => Constant(value, type);

    private static Expression Captured<T>(T value)
    {
        Expression<Func<T>> lambda = () => value;
        return lambda.Body;
    }

    private static Gen<Node> Made(Gen<Node> part, Func<Expression, Expression> make) =>
        part.Select(node => (Node)(scope => make(node(scope))));

    private static Gen<Node> Made(Gen<Node> left, Gen<Node> right, Func<Expression, Expression, Expression> make) =>
        Gen.Select(left, right, (first, second) => (Node)(scope => make(first(scope), second(scope))));

    private static Gen<Node> Made(
        Gen<Node> left,
        Gen<Node> middle,
        Gen<Node> right,
        Func<Expression, Expression, Expression, Expression> make
    ) => Gen.Select(left, middle, right, (first, second, third) => (Node)(scope => make(first(scope), second(scope), third(scope))));
}
