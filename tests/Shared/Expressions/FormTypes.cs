namespace FalServerless.Tests.Shared.Expressions;

// The types that the forms use: of each kind of member one that an expression may name.
internal enum Shade : byte
{
    None,
    Light,
    Dark = 200,
}

internal enum ShadeOfSByte : sbyte
{
    Least = sbyte.MinValue,
    Most = sbyte.MaxValue,
}

internal enum ShadeOfInt16 : short
{
    Least = short.MinValue,
    Most = short.MaxValue,
}

internal enum ShadeOfUInt16 : ushort
{
    Most = ushort.MaxValue,
}

internal enum ShadeOfInt32
{
    Least = int.MinValue,
    Most = int.MaxValue,
}

internal enum ShadeOfUInt32 : uint
{
    Most = uint.MaxValue,
}

internal enum ShadeOfInt64 : long
{
    Least = long.MinValue,
    Most = long.MaxValue,
}

internal enum ShadeOfUInt64 : ulong
{
    Most = ulong.MaxValue,
}

[Flags]
internal enum Rights
{
    None = 0,
    Read = 1,
    Write = 2,
    All = Read | Write,
}

internal sealed record Person(string Name, int Age)
{
    public string? City { get; init; }
}

internal readonly record struct Celsius(double Degrees)
{
    public static Celsius operator +(Celsius a, Celsius b) => new(a.Degrees + b.Degrees);

    public static Celsius operator -(Celsius a) => new(-a.Degrees);

    public static bool operator <(Celsius a, Celsius b) => a.Degrees < b.Degrees;

    public static bool operator >(Celsius a, Celsius b) => a.Degrees > b.Degrees;

    public static implicit operator Celsius(double degrees) => new(degrees);

    public static explicit operator double(Celsius value) => value.Degrees;

    public static explicit operator int(Celsius value) => (int)value.Degrees;
}

internal struct Point
{
    public int X;

    public int Y { get; set; }

    public readonly int Sum => X + Y;
}

// A type whose && and || are its own, and are short-circuited by its true and false.
internal sealed class Tri(int value)
{
    public int Value { get; } = value;

    public static bool operator true(Tri tri) => tri.Value > 0;

    public static bool operator false(Tri tri) => tri.Value < 0;

    public static Tri operator &(Tri a, Tri b) => new(Math.Min(a.Value, b.Value));

    public static Tri operator |(Tri a, Tri b) => new(Math.Max(a.Value, b.Value));

    public static bool operator ==(Tri a, Tri b) => false;

    public static bool operator !=(Tri a, Tri b) => true;

    public override bool Equals(object? obj) => obj is Tri other && Value == other.Value;

    public override int GetHashCode() => Value;
}

internal sealed class Basket
{
    public int Count;

    public string Label { get; set; } = "";

    public Point Corner { get; set; }

    public Basket? Inner { get; set; }

    public Nested Part { get; } = new();

    public List<int> Items { get; } = [];

    public Dictionary<string, int> Prices { get; } = [];

    public int this[int index] => Items[index];

    public string this[string key] => $"{key}={Prices[key]}";

    internal sealed class Nested
    {
        public int Depth { get; set; }

        public List<string> Tags { get; } = [];
    }
}

internal abstract class Shape
{
    protected int Sides = 4;

    public static int Made => 12;

    public virtual string Describe() => $"shape {Sides}";

    protected string Hidden(string text) => $"<{text}>";
}

internal interface ILabelled
{
    string Label { get; }

    string Say(string text);
}

internal sealed class Labelled : ILabelled
{
    string ILabelled.Label => "explicit";

    string ILabelled.Say(string text) => $"says {text}";
}

internal static class Helpers
{
    public static readonly int[] Primes = [2, 3, 5, 7];

    internal static int Counter = 40;

    public const int Answer = 42;

    internal static string Title { get; set; } = "title";

    public static int Twice(this int value) => value * 2;

    public static int SumOf(params int[] values) => values.Sum();

    public static string Pick(int value) => $"int {value}";

    public static string Pick(long value) => $"long {value}";

    public static string Pick(object value) => $"object {value}";

    public static string Pick<T>(T[] values) => $"{typeof(T).Name}[{values.Length}]";

    public static string Pick<T, U>(T first, U second) => $"{typeof(T).Name} {first}, {typeof(U).Name} {second}";

    public static bool TryHalve(int value, out int half)
    {
        half = value / 2;
        return value % 2 == 0;
    }

    public static int Grow(ref int value) => ++value;

    public static int Peek(in int value) => value;

    public static T Same<T>(T value) => value;

    public static T Sum<T>(T a, T b)
        where T : System.Numerics.INumber<T> => a + b;
}

internal static class Box<T>
{
    public static readonly string Name = typeof(T).Name;

    public static string Tell(T value) => $"T {value}";

    public static string Tell(int value, int times) => $"int {value}x{times}";

    public static string Tell(T value, string text) => $"T {value} {text}";

    public static string Map<U>(T value, U other) => $"{typeof(T).Name}->{typeof(U).Name} {value}{other}";

    internal sealed class Inside
    {
        public T? Value { get; set; }

        public override string ToString() => $"inside {Value}";
    }
}
