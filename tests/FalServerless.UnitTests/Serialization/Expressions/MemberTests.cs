using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;
using FalServerless.Serialization.Expressions;
using FalServerless.Tests.Shared.Expressions;

namespace FalServerless.UnitTests.Serialization.Expressions;

public class MemberTests
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<TheoryDataRow<Type>> Types =>
        new[]
        {
            typeof(Namesakes<int>),
            typeof(Namesakes<string>),
            typeof(Namesakes<>),
            typeof(Helpers),
            typeof(Celsius),
            typeof(Labelled),
            typeof(Basket),
            typeof(Box<List<int[]>>),
            typeof(Box<int>.Inside),
            typeof(int[,,]),
            typeof(int[][]),
            typeof(string),
            typeof(Enumerable),
            typeof(Queryable),
            typeof(MemoryExtensions),
            typeof(List<>),
            typeof(Dictionary<string, int>),
            typeof(Math),
            typeof(Convert),
            typeof(decimal),
            typeof(System.Numerics.BigInteger),
            typeof(Int128),
            typeof(IEnumerable<int>),
            typeof(Task<int>),
            typeof(Person),
            typeof(Enum),
            typeof(Array),
            typeof(Expression),
        }.Select(type => new TheoryDataRow<Type>(type));

    [Theory]
    [MemberData(nameof(Types))]
    public void EveryMemberOfATypeIsFoundAgain(Type type)
    {
        foreach (var member in type.GetMembers(All))
        {
            if (
                member is EventInfo or Type or ConstructorInfo { IsStatic: true }
                || Mentions(member, pointer => pointer.IsPointer || pointer.IsFunctionPointer)
            )
            {
                continue;
            }

            AssertTravels(member);
            if (member is MethodInfo { IsGenericMethodDefinition: true } generic && TryClose(generic) is { } closed)
            {
                AssertTravels(closed);
            }
        }
    }

    [Fact]
    public void AnUnambiguousMemberIsWrittenWithoutItsSignature()
    {
        Assert.Null(MemberSpelling.Of(typeof(int).GetMethod("GetHashCode")!).Parameters);
        Assert.Null(MemberSpelling.Of(typeof(Person).GetProperty("Age")!).Result);
        Assert.NotNull(MemberSpelling.Of(typeof(Math).GetMethod("Abs", [typeof(int)])!).Parameters);
    }

    [Fact]
    public void AMethodMadeAtRunTimeCannotBeSent()
    {
        var method = new DynamicMethod("made", typeof(int), []);
        var error = Assert.Throws<ExpressionNotSendableException>(() =>
            Travelled.Bytes(Expression.Lambda(Expression.Constant(method, typeof(MethodInfo))))
        );
        Assert.Contains("made", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMemberThatIsMissingOnTheOtherSideIsNamed()
    {
        var bytes = Travelled.Bytes(() => Helpers.Counter);
        bytes[bytes.AsSpan().IndexOf("Counter"u8)] = (byte)'X';

        var error = Assert.Throws<ProtocolException>(() => Travelled.Back(bytes));

        Assert.Contains("Xounter", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Helpers), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ANameWithAStarIsNoPattern()
    {
        var bytes = Travelled.Bytes(() => Helpers.Counter);
        bytes[bytes.AsSpan().IndexOf("Counter"u8) + 6] = (byte)'*';

        Assert.Throws<ProtocolException>(() => Travelled.Back(bytes));
    }

    private static void AssertTravels(MemberInfo member)
    {
        var there = Travelled.There(Expression.Lambda(Expression.Constant(member, typeof(MemberInfo))));
        var back = (MemberInfo)((ConstantExpression)there.Body).Value!;
        Assert.Equal(member.ToString(), back.ToString());
        Assert.True(
            member.HasSameMetadataDefinitionAs(back) && member.DeclaringType == back.DeclaringType,
            $"'{member}' came back as '{back}'."
        );
        Assert.Equal(member, back);
    }

    private static bool Mentions(MemberInfo member, Func<Type, bool> kind) =>
        MemberLookup
            .ParametersOf(member)
            .Append(MemberLookup.ResultOf(member))
            .Any(type => kind(type) || (type.HasElementType && kind(type.GetElementType()!)));

    private static MethodInfo? TryClose(MethodInfo generic)
    {
        try
        {
            return generic.MakeGenericMethod(Array.ConvertAll(generic.GetGenericArguments(), _ => typeof(int)));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // Overloads that only their definitions tell apart once T is int.
    internal sealed class Namesakes<T>
    {
        public Namesakes(T value) => _ = value;

        public Namesakes(int value) => _ = value;

        public string this[T index] => $"T {index}";

        public string this[int index] => $"int {index}";

        public static string Of(T value) => $"T {value}";

        public static string Of(int value) => $"int {value}";

        public static string Of(ref int value) => $"ref {value}";

        public static string Of<U>(U value) => $"U {value}";

        public static string Of<U>(int value, U other) => $"{value} {other}";

        public static string Of<U>(U value, int other) => $"{value} {other}";

        public static string Of<U>(T value, U other) => $"{value} {other}";

        public static string Of<U, V>(U value, V other) => $"{value} {other}";

        public static string With<U>(U value)
            where U : class => $"class {value}";

        public static string With<U>(U? value)
            where U : struct => $"struct {value}";

        public static explicit operator int(Namesakes<T> value) => 1;

        public static explicit operator long(Namesakes<T> value) => 2;

        public static explicit operator string(Namesakes<T> value) => "3";
    }
}
