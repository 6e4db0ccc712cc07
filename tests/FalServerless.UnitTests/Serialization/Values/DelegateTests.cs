using System.Buffers;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;

namespace FalServerless.UnitTests.Serialization.Values;

public class DelegateTests
{
    private static readonly ValueSerializer Client = new(TypeNames.OfThisProcess, new() { WritesDelegates = true });
    private static readonly ValueSerializer Worker = new(TypeNames.OfThisProcess, new() { ReadsDelegates = true });

    [Fact]
    public void TwoDelegatesOverOneClosureStayOverOne()
    {
        var count = 0;
        Func<int> increment = () => ++count;
        Func<int> read = () => count;

        var there = RoundTrip(new[] { increment, read, increment });

        Assert.Equal(1, there[0]());
        Assert.Equal(1, there[1]());
        Assert.Same(there[0], there[2]);
        Assert.Equal(0, count);
    }

    [Fact]
    public void ADelegateMayLeadBackToItself()
    {
        Func<int, int>? factorial = null;
        factorial = n => n <= 1 ? 1 : n * factorial!(n - 1);

        var there = RoundTrip(factorial);

        Assert.Equal(120, there(5));
        Assert.Same(there, there.Target!.GetType().GetField("factorial")!.GetValue(there.Target));
    }

    [Fact]
    public void ACombinedDelegateThatLeadsBackToItselfIsRefused()
    {
        Action? both = null;
        Action first = () => both!();
        both = first + first;

        var error = Assert.Throws<NotSendableException>(() => Bytes(both));

        Assert.Contains("it contains itself", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TheOrderOfACombinedDelegateStays()
    {
        var seen = new List<string>();
        Action<string> all = text => seen.Add("1" + text);
        all += text => seen.Add("2" + text);
        all += seen.Add;

        var (there, list) = RoundTrip((all, seen));
        there("x");

        Assert.Equal(["1x", "2x", "x"], list);
        Assert.Equal(3, there.GetInvocationList().Length);
    }

    [Fact]
    public void OpenAndClosedDelegatesStaySo()
    {
        var trim = typeof(string).GetMethod(nameof(string.Trim), [])!.CreateDelegate<Func<string, string>>();

        Assert.Equal("a", RoundTrip(trim)(" a "));
        Assert.Null(RoundTrip(trim).Target);
        Assert.Equal(3, RoundTrip<Func<int, int>>(Math.Abs)(-3));
        Assert.Equal("ab", RoundTrip<Func<string, string>>("a".Join)("b"));
        Assert.Equal("nothing", RoundTrip<Func<string, string>>(((string?)null).Join)("b"));
        Assert.Equal("(3)", RoundTrip<Func<string>>(new Number(3).Show)());
        Assert.Equal("base", RoundTrip(new Derived().Base())());
        Assert.Equal("derived", RoundTrip<Func<string>>(new Derived().Name)());
    }

    [Fact]
    public void ADelegateInAnObjectSlotIsOfItsOwnType()
    {
        object boxed = (Predicate<int>)(x => x > 2);

        var there = Assert.IsType<Predicate<int>>(RoundTrip(boxed));

        Assert.True(there(3));
        Assert.Null(RoundTrip<Func<int>?>(null));
        Assert.IsType<Func<int, int>>(RoundTrip<Delegate>((Func<int, int>)Math.Abs));
    }

    [Fact]
    public void AWorkerWritesNoDelegateAndAClientReadsNone()
    {
        Func<int> code = () => 1;

        var error = Assert.Throws<NotSendableException>(() =>
            Worker.Write(new ArrayBufferWriter<byte>(), typeof(object), new object[] { 1, code })
        );
        Assert.Equal(("[1]", "delegates do not come back", "Return data"), (error.Path, error.Reason, error.Suggestion));
        Assert.Contains(
            "only data are taken",
            Assert.Throws<ProtocolException>(() => Client.Read(new(Bytes<object>(code)), typeof(object))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "only data are taken",
            Assert.Throws<ProtocolException>(() => Client.Read(new(Bytes(code)), typeof(Func<int>))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AnAssemblyThatTheFunctionDoesNotBringIsNamed()
    {
        var without = new ValueSerializer(
            new TypeNames(name => name == "FalServerless.UnitTests" ? null : System.Reflection.Assembly.Load(name)),
            new() { WritesDelegates = true }
        );
        Func<int> code = () => 1;

        var error = Assert.Throws<NotSendableException>(() => without.Write(new ArrayBufferWriter<byte>(), typeof(object), code));

        Assert.Contains(
            "is in the assembly 'FalServerless.UnitTests', which the function does not bring along",
            error.Reason,
            StringComparison.Ordinal
        );
        without.Write(new ArrayBufferWriter<byte>(), typeof(object), (Func<int, int>)Math.Abs);
    }

    [Fact]
    public void ForgedDelegatesAreRefused()
    {
        var count = 5;
        Func<int, int> add = x => x + count;
        var bytes = Bytes(add);

        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (
                var forged in new[] { (byte)0, (byte)1, (byte)0x7f, (byte)0x81, (byte)0x91, (byte)0x92, (byte)0xc0, (byte)0xc4, (byte)0xff }
            )
            {
                byte[] changed = [.. bytes];
                changed[i] = forged;
                var error = Record.Exception(() => Worker.Read(new(changed), typeof(Func<int, int>)));
                Assert.True(error is null or ProtocolException, $"Byte {i} as {forged:x2} gives {error}");
            }

            Assert.Throws<ProtocolException>(() => Worker.Read(new(bytes[..i]), typeof(Func<int, int>)));
        }
    }

    [Fact]
    public void AnotherBuildOfAnAssemblyIsNamed()
    {
        Func<int> code = () => 1;
        var bytes = Bytes(code);
        var version = GetType().Module.ModuleVersionId.ToByteArray();
        bytes[bytes.AsSpan().IndexOf(version)] ^= 1;

        var error = Assert.Throws<ProtocolException>(() => Worker.Read(new(bytes), typeof(Func<int>)));

        Assert.Contains("another build of the assembly 'FalServerless.UnitTests'", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Bytes<T>(T value)
    {
        var output = new ArrayBufferWriter<byte>();
        Client.Write(output, typeof(T), value);
        return output.WrittenSpan.ToArray();
    }

    private static T RoundTrip<T>(T value) => (T)Worker.Read(new(Bytes(value)), typeof(T))!;

    private readonly record struct Number(int Value)
    {
        public string Show() => $"({Value})";
    }

    private class Named
    {
        public virtual string Name() => "base";
    }

    private sealed class Derived : Named
    {
        public override string Name() => "derived";

        public Func<string> Base() => base.Name;
    }
}

internal static class Joining
{
    public static string Join(this string? first, string second) => first is null ? "nothing" : first + second;
}
