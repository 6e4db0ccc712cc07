using System.Collections;
using System.Linq.Expressions;
using FalServerless.Tests.Shared.Expressions;
using static System.Linq.Expressions.Expression;

namespace FalServerless.UnitTests.Serialization.Expressions;

/// <summary>Trees that no C# lambda gives: built by hand, with statements, assignments and the rarer operators.</summary>
internal static class BuiltTrees
{
    public delegate int Changing(ref int value, int by);

    private static readonly ParameterExpression X = Parameter(typeof(int), "x");
    private static readonly ParameterExpression Y = Parameter(typeof(int), "y");
    private static readonly ParameterExpression Text = Parameter(typeof(string), "text");
    private static readonly ParameterExpression Maybe = Parameter(typeof(int?), "maybe");

    public static Dictionary<string, ExpressionForm> ByName { get; } = All().ToDictionary(form => form.Name);

    private static IEnumerable<ExpressionForm> All() =>
        [.. Assignments(), AddAssignWithConversion(), .. Statements(), .. Tries(), .. Rest()];

    private static ExpressionForm Form(string name, Expression body) => new(name, Lambda(body), []);

    private static ExpressionForm OfX(string name, Expression body, int x) => new(name, Lambda(body, X), [x]);

    private static ExpressionForm After(string name, Func<Expression, Expression, Expression> assign, object value, object by)
    {
        var variable = Variable(value.GetType(), "variable");
        return Form(name, Block([variable], Assign(variable, Constant(value)), assign(variable, Constant(by)), variable));
    }

    private static IEnumerable<ExpressionForm> Assignments() =>
        [
            After("assign", Assign, 1, 2),
            After("add assign", AddAssign, 1, 2),
            After("add assign checked", AddAssignChecked, int.MaxValue, 2),
            After("subtract assign", SubtractAssign, 1, 2),
            After("subtract assign checked", SubtractAssignChecked, 1, 2),
            After("multiply assign", MultiplyAssign, 3, 2),
            After("multiply assign checked", MultiplyAssignChecked, 3, 2),
            After("divide assign", DivideAssign, 7, 2),
            After("modulo assign", ModuloAssign, 7, 4),
            After("power assign", PowerAssign, 3.0, 2.0),
            After("and assign", AndAssign, 6, 3),
            After("or assign", OrAssign, 6, 1),
            After("exclusive or assign", ExclusiveOrAssign, 6, 3),
            After("left shift assign", LeftShiftAssign, 6, 3),
            After("right shift assign", RightShiftAssign, 600, 3),
            After(
                "add assign with a method",
                (v, by) => AddAssign(v, by, typeof(string).GetMethod("Concat", [typeof(string), typeof(string)])),
                "a",
                "b"
            ),
            After("pre increment", (v, _) => PreIncrementAssign(v), 1, 0),
            After("pre decrement", (v, _) => PreDecrementAssign(v), 1, 0),
            After("post increment", (v, _) => Assign(v, Add(PostIncrementAssign(v), Constant(10))), 1, 0),
            After("post decrement", (v, _) => Assign(v, Add(PostDecrementAssign(v), Constant(10))), 1, 0),
        ];

    private static ExpressionForm AddAssignWithConversion()
    {
        var (text, sum) = (Variable(typeof(string), "text"), Parameter(typeof(string), "sum"));
        var concat = typeof(string).GetMethod("Concat", [typeof(string), typeof(string)]);
        var trim = Lambda(Call(sum, "Trim", null), sum);
        return Form(
            "add assign with a conversion",
            Block([text], Assign(text, Constant(" a")), AddAssign(text, Constant("b "), concat, trim), text)
        );
    }

    private static IEnumerable<ExpressionForm> Statements()
    {
        var (sum, i) = (Variable(typeof(int), "sum"), Variable(typeof(int), "i"));
        var (exit, next, done) = (Label(typeof(int), "exit"), Label("next"), Label(typeof(string)));
        yield return OfX(
            "loop with break and continue",
            Block(
                [sum, i],
                Loop(
                    Block(
                        PreIncrementAssign(i),
                        IfThen(GreaterThan(i, X), Break(exit, sum)),
                        IfThen(Equal(Modulo(i, Constant(2)), Constant(0)), Continue(next)),
                        AddAssign(sum, i)
                    ),
                    exit,
                    next
                )
            ),
            9
        );
        yield return OfX(
            "one variable in sibling and nested scopes",
            Block(
                Block([sum], Assign(sum, X)),
                Block([sum], Assign(sum, Add(sum, Constant(1))), Block([sum], Assign(sum, Constant(50))), Add(sum, X))
            ),
            5
        );
        yield return OfX(
            "switch on numbers",
            Switch(X, Constant("many"), SwitchCase(Constant("one"), Constant(1)), SwitchCase(Constant("few"), Constant(2), Constant(3))),
            3
        );
        yield return new(
            "switch on strings",
            Lambda(Switch(Text, Constant(0), SwitchCase(Constant(1), Constant("a")), SwitchCase(Constant(2), Constant("b"))), Text),
            ["b"]
        );
        yield return new(
            "switch with a comparison",
            Lambda(
                Switch(
                    typeof(int),
                    Text,
                    Constant(0),
                    typeof(string).GetMethod("Equals", [typeof(string), typeof(string)]),
                    SwitchCase(Constant(1), Constant("a"))
                ),
                Text
            ),
            ["a"]
        );
        yield return OfX(
            "switch without a value",
            Block([sum], Switch(typeof(void), X, null, null, SwitchCase(Assign(sum, Constant(7)), Constant(1))), sum),
            1
        );
        yield return new(
            "switch on a nullable",
            Lambda(Switch(Maybe, Constant("else"), SwitchCase(Constant("null"), Constant(null, typeof(int?)))), Maybe),
            [null]
        );
        yield return OfX(
            "return from the middle",
            Block(IfThen(GreaterThan(X, Constant(3)), Return(done, Constant("early"))), Label(done, Constant("late"))),
            4
        );
        yield return OfX("goto", Block([sum], Label(next), AddAssign(sum, X), IfThen(LessThan(sum, Constant(20)), Goto(next)), sum), 7);
        yield return OfX(
            "if then else",
            Block([sum], IfThenElse(GreaterThan(X, Constant(3)), Assign(sum, Constant(1)), Assign(sum, Constant(2))), sum),
            4
        );
        yield return OfX(
            "a block of another type",
            Block(typeof(object), Constant("x"), Text.Type == typeof(string) ? Constant("y") : X),
            4
        );
        yield return new("an empty body", Lambda(Empty()), []);
        yield return new("a void lambda over a value", Lambda<Action<int>>(Add(X, X), X), [3]);
    }

    private static IEnumerable<ExpressionForm> Tries()
    {
        var error = Parameter(typeof(DivideByZeroException), "error");
        var log = Variable(typeof(string), "log");
        Expression Note(string text) =>
            Assign(log, Call(typeof(string).GetMethod("Concat", [typeof(string), typeof(string)])!, log, Constant(text)));
        yield return OfX(
            "catch with a variable",
            TryCatch(Call(Divide(Constant(1), X), "ToString", null), Catch(error, Property(error, "Message"))),
            0
        );
        yield return OfX(
            "catch by type",
            TryCatch(Divide(Constant(1), X), Catch(typeof(DivideByZeroException), Constant(-1)), Catch(typeof(Exception), Constant(-2))),
            0
        );
        yield return OfX(
            "catch with a filter",
            TryCatch(
                Divide(Constant(1), X),
                Catch(error, Constant(-1), NotEqual(error, Constant(null))),
                Catch(typeof(Exception), Constant(-2))
            ),
            0
        );
        yield return OfX("finally", Block([log], TryFinally(Note("body"), Note("finally")), log), 0);
        yield return OfX(
            "try catch finally",
            Block([log], TryCatchFinally(Block(Note("a"), Divide(Constant(1), X), Note("b")), Note("f"), Catch(error, Note("c"))), log),
            0
        );
        yield return OfX(
            "fault",
            Block([log], TryCatch(Block(typeof(void), TryFault(Divide(Constant(1), X), Note("fault"))), Catch(error, Empty())), log),
            0
        );
        yield return OfX(
            "rethrow",
            TryCatch(
                TryCatch(Divide(Constant(1), X), Catch(error, Rethrow(typeof(int)))),
                Catch(typeof(DivideByZeroException), Constant(-7))
            ),
            0
        );
        yield return OfX(
            "throw",
            Block(Throw(New(typeof(InvalidOperationException).GetConstructor([typeof(string)])!, Constant("m"))), Constant(1)),
            0
        );
        yield return OfX(
            "try of another type",
            MakeTry(typeof(object), Constant("x"), null, null, [Catch(typeof(Exception), Constant("y"))]),
            0
        );
    }

    private static IEnumerable<ExpressionForm> Rest()
    {
        var (array, element) = (Variable(typeof(int[,]), "grid"), Parameter(typeof(int).MakeByRefType(), "element"));
        var changing = Lambda<Changing>(AddAssign(element, Y), "change", [element, Y]);
        var boxed = Parameter(typeof(object), "boxed");
        yield return OfX("a lambda with a ref parameter", Block([Y], Assign(Y, X), Invoke(changing, Y, Constant(5)), Y), 2);
        yield return OfX(
            "a named delegate kept in a variable",
            Call(Lambda<Predicate<int>>(GreaterThan(Y, X), Y), typeof(Predicate<int>).GetMethod("Invoke")!, Constant(5)),
            2
        );
        yield return OfX("a lambda of seventeen parameters", Wide(), 2);
        yield return OfX(
            "an index that is assigned",
            Block(
                [array],
                Assign(array, NewArrayBounds(typeof(int), X, X)),
                Assign(ArrayAccess(array, Constant(1), Constant(0)), X),
                ArrayIndex(array, Constant(1), Constant(0))
            ),
            2
        );
        yield return OfX(
            "an array's own methods",
            Block(
                [array],
                Assign(array, New(typeof(int[,]).GetConstructor([typeof(int), typeof(int)])!, X, X)),
                Call(array, typeof(int[,]).GetMethod("Set")!, Constant(1), Constant(1), X),
                Call(array, typeof(int[,]).GetMethod("Get")!, Constant(1), Constant(1))
            ),
            2
        );
        yield return OfX(
            "an indexer by its property",
            MakeIndex(ListInit(New(typeof(List<int>)), X, Constant(5)), typeof(List<int>).GetProperty("Item"), [Constant(1)]),
            2
        );
        yield return new("unbox", Lambda(Unbox(boxed, typeof(int)), boxed), [5]);
        yield return new("type equal", Lambda(TypeEqual(boxed, typeof(int)), boxed), [5]);
        yield return new("type is", Lambda(TypeIs(boxed, typeof(IEnumerable)), boxed), ["x"]);
        yield return new(
            "is true, is false",
            Lambda(
                AndAlso(IsTrue(boxed.Type == typeof(object) ? Equal(boxed, boxed) : boxed), IsFalse(ReferenceNotEqual(boxed, boxed))),
                boxed
            ),
            ["x"]
        );
        yield return OfX("increment, decrement and ones complement", OnesComplement(Add(Increment(X), Decrement(X))), 5);
        yield return OfX("negate checked, unary plus", UnaryPlus(NegateChecked(X)), 5);
        yield return OfX("checked sums", MultiplyChecked(AddChecked(X, X), SubtractChecked(X, Constant(1))), 5);
        yield return OfX("power", Power(Convert(X, typeof(double)), Constant(2.0)), 5);
        yield return OfX("convert checked", ConvertChecked(X, typeof(byte)), 500);
        yield return new("lifted to null", Lambda(LessThan(Maybe, Constant(3, typeof(int?)), liftToNull: true, null), Maybe), [null]);
        yield return new("lifted, not to null", Lambda(LessThan(Maybe, Constant(3, typeof(int?)), liftToNull: false, null), Maybe), [null]);
        yield return new(
            "coalesce with a conversion",
            Lambda(Coalesce(Maybe, Constant("none"), Lambda(Call(Y, "ToString", null), Y)), Maybe),
            [5]
        );
        yield return new(
            "strings compared as references",
            Lambda(ReferenceEqual(Text, Constant("no such literal")), Text),
            [new string('a', 2)]
        );
        yield return OfX("runtime variables", Call(Constant(Helpers.Answer), "CompareTo", null, Property(RuntimeVariables(X), "Count")), 5);
        yield return OfX("debug information is dropped", Block(DebugInfo(SymbolDocument("file.cs"), 1, 1, 2, 2), X), 5);
        yield return OfX("a node that reduces", new Doubled(new Doubled(X)), 5);
        yield return OfX("new of a value type, default of void", Block(Default(typeof(void)), New(typeof(Point))), 5);
        yield return OfX(
            "a lambda with a name and a tail call",
            Invoke(Lambda<Func<int, int>>(Multiply(Y, X), "named", tailCall: true, [Y]), Constant(3)),
            5
        );
        yield return Form(
            "members as constants",
            NewArrayInit(
                typeof(object),
                Constant(typeof(Helpers).GetMethod("Same")),
                Constant(typeof(List<int>).GetMethod("Add"), typeof(object)),
                Constant(typeof(List<>).GetMethod("Add"), typeof(object)),
                Constant(typeof(Point).GetField("X")),
                Constant(typeof(Point).GetProperty("Y")),
                Constant(typeof(Person).GetConstructors()[0])
            )
        );
        yield return Form("a name with a lone surrogate", Block([Parameter(typeof(int), "\ud800")], Constant("\udc00")));
        foreach (
            object value in new object[]
            {
                (Half)1.5,
                Int128.MinValue,
                UInt128.MaxValue,
                System.Numerics.BigInteger.Pow(7, 80),
                -1.10m,
                decimal.MinValue,
                new DateTime(5, DateTimeKind.Local),
                new DateTime(5, DateTimeKind.Utc),
                new DateTimeOffset(5000000000, TimeSpan.FromMinutes(-90)).ToOffset(TimeSpan.FromHours(3)),
                TimeSpan.MinValue,
                new DateOnly(2024, 2, 29),
                TimeOnly.MaxValue,
                new Guid("6f9619ff-8b86-d011-b42d-00c04fc964ff"),
                (nint)(-5),
                nuint.MaxValue,
                float.NegativeInfinity,
                BitConverter.Int64BitsToDouble(0x7ff8_dead_beef_0001),
                char.MaxValue,
                sbyte.MinValue,
                ulong.MaxValue,
            }
        )
        {
            yield return Form($"constant {Outcome.Of(() => value)}", Constant(value));
            yield return Form($"constant object {Outcome.Of(() => value)}", Constant(value, typeof(object)));
            yield return Form(
                $"constant nullable {Outcome.Of(() => value)}",
                Constant(value, typeof(Nullable<>).MakeGenericType(value.GetType()))
            );
        }
    }

    private static Expression Wide()
    {
        var parameters = Enumerable.Range(0, 17).Select(i => Parameter(typeof(int), $"p{i}")).ToArray();
        return Invoke(Lambda(parameters.Aggregate((Expression)X, Add), parameters), Enumerable.Range(0, 17).Select(i => Constant(i)));
    }

    private sealed class Doubled(Expression operand) : Expression
    {
        public override bool CanReduce => true;

        public override ExpressionType NodeType => ExpressionType.Extension;

        public override Type Type => operand.Type;

        public override Expression Reduce() => Add(operand, operand);
    }
}
