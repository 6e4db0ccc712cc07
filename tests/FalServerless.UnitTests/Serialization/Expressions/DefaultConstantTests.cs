using System.Linq.Expressions;
using System.Text.Json.Nodes;

namespace FalServerless.UnitTests.Serialization.Expressions;

public class DefaultConstantTests
{
    [Fact]
    public void OmittedArgumentsOfAnyStructTravelAsTheirDefaults()
    {
        var text = "{\"a\":1}";
        Assert.Equal(text, Travelled.Invoke(Lambda(() => JsonNode.Parse(text, null, default)!.ToJsonString(null))));
        Assert.Equal(
            "0 00000000-0000-0000-0000-000000000000 01/01/0001 False Friday 1.5  [0, ] 5 2 x (0, )",
            Travelled.Invoke(BuiltCall())
        );
    }

    public static TheoryData<object?, Type> Constants =>
        new()
        {
            { default(Own), typeof(Own) },
            { default(Own), typeof(Own?) },
            { null, typeof(Own?) },
            { default(Own), typeof(object) },
            { default(Own), typeof(IFormattable) },
            { default(KeyValuePair<string, Own>), typeof(KeyValuePair<string, Own>) },
            { default(CancellationToken), typeof(CancellationToken) },
            { default(CancellationToken), typeof(CancellationToken?) },
            { default((int, string)), typeof(ValueTuple<int, string>) },
            { default(ReadOnlyMemory<byte>), typeof(ReadOnlyMemory<byte>) },
            { default(TimeSpan), typeof(TimeSpan?) },
            { default(DayOfWeek), typeof(DayOfWeek) },
            { DayOfWeek.Friday, typeof(DayOfWeek?) },
            { 5, typeof(int?) },
            { null, typeof(int?) },
            { 1.5m, typeof(object) },
            { null, typeof(string) },
        };

    [Theory]
    [MemberData(nameof(Constants))]
    public void AConstantStaysInTheBody(object? value, Type declared)
    {
        var lambda = Expression.Lambda(Expression.Constant(value, declared));
        Assert.Empty(FalServerless.Serialization.Closures.ClosureHoister.Hoist(lambda).Captured);

        var there = (ConstantExpression)Travelled.There(lambda).Body;

        Assert.Equal(value, there.Value);
        Assert.Equal(declared, there.Type);
    }

    [Fact]
    public void AStructThatHoldsSomethingIsData()
    {
        var lambda = Expression.Lambda(Expression.Constant(new Own { Number = 1 }));

        Assert.Single(FalServerless.Serialization.Closures.ClosureHoister.Hoist(lambda).Captured);
        Assert.Equal(new Own { Number = 1 }, Travelled.Invoke(lambda));
    }

    // As the compiler writes a call whose optional arguments are left out: C# itself writes such calls in trees only from version 14 on.
    private static LambdaExpression BuiltCall()
    {
        var method = typeof(DefaultConstantTests).GetMethod(nameof(WithDefaults))!;
        return Expression.Lambda(
            Expression.Call(
                method,
                method
                    .GetParameters()
                    .Select(parameter =>
                        Expression.Constant(
                            parameter.DefaultValue is null
                                && parameter.ParameterType.IsValueType
                                && Nullable.GetUnderlyingType(parameter.ParameterType) is null
                                    ? Activator.CreateInstance(parameter.ParameterType)
                                : parameter.DefaultValue is { } value
                                && Nullable.GetUnderlyingType(parameter.ParameterType) is { IsEnum: true } kind
                                    ? Enum.ToObject(kind, value)
                                : parameter.DefaultValue,
                            parameter.ParameterType
                        )
                    )
            )
        );
    }

    public static string WithDefaults(
        Own own = default,
        Guid id = default,
        DateTime time = default,
        CancellationToken token = default,
        DayOfWeek day = DayOfWeek.Friday,
        decimal price = 1.5m,
        Own? none = null,
        KeyValuePair<int, string> pair = default,
        int? five = 5,
        object? two = null,
        string text = "x",
        (int, string) tuple = default
    ) =>
        FormattableString.Invariant(
            $"{own.Number} {id} {time:MM/dd/yyyy} {token.CanBeCanceled} {day} {price} {none} {pair} {five} {two ?? 2} {text} {tuple}"
        );

    private static LambdaExpression Lambda(Expression<Func<string>> lambda) => lambda;

    public struct Own : IFormattable
    {
        public int Number;
        public string? Text;

        public readonly string ToString(string? format, IFormatProvider? formatProvider) => Number.ToString(formatProvider);
    }
}
