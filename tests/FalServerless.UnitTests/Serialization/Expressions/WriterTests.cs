using System.Linq.Expressions;
using FalServerless.Serialization.Closures;
using FalServerless.Serialization.Expressions;
using FalServerless.Tests.Shared.Expressions;
using FalServerless.Wire;

namespace FalServerless.UnitTests.Serialization.Expressions;

public class WriterTests
{
    [Fact]
    public void TheSameCodeHasTheSameBytesWhateverItCaptured()
    {
        Assert.Equal(Bytes(Greeting("you")), Bytes(Greeting("me")));
        Assert.NotEqual(Bytes(Greeting("you")), Bytes(Farewell("you")));
    }

    [Fact]
    public void AGreetingTakesFewBytes() => Assert.InRange(Bytes(Greeting("you")).Length, 1, 35);

    [Fact]
    public void AMessageIsOneMessagePackValue()
    {
        foreach (var form in ExpressionForms.All())
        {
            var reader = new MessagePackReader(Bytes(form.Lambda));
            reader.Skip();
            Assert.True(reader.End, form.Name);
        }
    }

    [Fact]
    public void AnObjectThatWasNotHoistedIsRefused()
    {
        var error = Assert.Throws<ExpressionNotSendableException>(() =>
            Travelled.Bytes(Expression.Lambda(Expression.Constant(new List<int>())))
        );
        Assert.Contains("hoisted", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AVariableThatNothingDeclaresIsRefused()
    {
        var error = Assert.Throws<ExpressionNotSendableException>(() =>
            Travelled.Bytes(Expression.Lambda(Expression.Parameter(typeof(int), "stray")))
        );
        Assert.Contains("'stray'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADynamicOperationIsRefused()
    {
        var binder = Microsoft.CSharp.RuntimeBinder.Binder.UnaryOperation(
            default,
            ExpressionType.Negate,
            null,
            [Microsoft.CSharp.RuntimeBinder.CSharpArgumentInfo.Create(default, null)]
        );
        var lambda = Expression.Lambda(Expression.Dynamic(binder, typeof(object), Expression.Constant(1)));

        Assert.Contains(
            "dynamic",
            Assert.Throws<ExpressionNotSendableException>(() => Travelled.Bytes(lambda)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "dynamic",
            Assert.Throws<ExpressionNotSendableException>(() => ClosureHoister.Hoist(lambda)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ANodeThatDoesNotReduceIsRefused()
    {
        var lambda = Expression.Lambda(new Opaque());

        Assert.Contains(
            nameof(Opaque),
            Assert.Throws<ExpressionNotSendableException>(() => Travelled.Bytes(lambda)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            nameof(Opaque),
            Assert.Throws<ExpressionNotSendableException>(() => ClosureHoister.Hoist(lambda)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ADelegateTypeMadeAtRunTimeIsRefusedWhereItMustBeNamed()
    {
        var made = Expression.GetDelegateType([.. Enumerable.Repeat(typeof(int), 18)]);
        var lambda = Expression.Lambda(Expression.Default(made));

        Assert.ThrowsAny<ArgumentException>(() => Travelled.Bytes(lambda));
    }

    [Fact]
    public void ParametersKeepTheirNamesUnlessTheCompilerMadeThemUp()
    {
        Expression<Func<int[], int>> lambda = numbers => (from x in numbers let y = x + 1 select x * y).Sum();

        var text = Travelled.There(lambda).ToString();

        Assert.Contains("numbers", text, StringComparison.Ordinal);
        Assert.DoesNotContain("TransparentIdentifier", text, StringComparison.Ordinal);
    }

    [Fact]
    public void AVariableIsOneObjectWhereverItStands()
    {
        var x = Expression.Parameter(typeof(int), "x");

        var there = Travelled.There(Expression.Lambda(Expression.Block([x], Expression.Assign(x, x), Expression.Lambda(x, x)), x));

        var block = (BlockExpression)there.Body;
        var inner = (LambdaExpression)block.Expressions[1];
        Assert.All(
            [block.Variables[0], ((BinaryExpression)block.Expressions[0]).Left, inner.Parameters[0], inner.Body],
            node => Assert.Same(there.Parameters[0], node)
        );
    }

    private static byte[] Bytes(LambdaExpression lambda) => Travelled.Bytes(ClosureHoister.Hoist(lambda).ToLambda());

    private static Expression<Func<string>> Greeting(string name) => () => "Hello " + name;

    private static Expression<Func<string>> Farewell(string name) => () => "Bye " + name;

    private sealed class Opaque : Expression
    {
        public override ExpressionType NodeType => ExpressionType.Extension;

        public override Type Type => typeof(int);
    }
}
