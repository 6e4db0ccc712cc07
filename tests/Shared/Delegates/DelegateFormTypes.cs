using System.Collections.Immutable;

namespace FalServerless.Tests.Shared.Delegates;

// The types that the forms use.
internal sealed record Item(string Name, int Price);

internal readonly record struct Spot(int X, int Y)
{
    public int Distance(int times) => (X + Y) * times;
}

internal interface IAddable<T>
    where T : IAddable<T>
{
    static abstract T Zero { get; }

    static abstract T Add(T a, T b);
}

internal readonly record struct Metres(int Value) : IAddable<Metres>
{
    public static Metres Zero => default;

    public static Metres Add(Metres a, Metres b) => new(a.Value + b.Value);
}

internal interface ISpeaker
{
    string Speak();

    string Whisper() => $"({Speak()})";
}

internal sealed class Silent : ISpeaker
{
    string ISpeaker.Speak() => "…";
}

internal abstract class Animal(string name)
{
    public string Name { get; } = name;

    public static string Compare(int a, int b) => a < b ? "less" : "more";

    public virtual string Say() => $"{Name} says nothing";
}

internal sealed class Dog(string name) : Animal(name), ISpeaker
{
    private readonly ImmutableArray<string> _fetched = ["ball", "stick"];

    public override string Say() => $"{Name} barks";

    public string Fetch() => string.Join(Name, _fetched);

    public string Speak() => Say() + "!";

    public void Hear(string text) => _ = text.Length + _fetched.Length;

    public Func<string> BaseSay() => base.Say;
}

internal static class FormExtensions
{
    public static string Repeat(this Dog dog, int times) => string.Concat(Enumerable.Repeat(dog.Name, times));

    public static string Times(this string? text, int times) => text is null ? "none" : string.Concat(Enumerable.Repeat(text, times));
}

internal sealed class Tally
{
    private int _count;

    public int Step { get; init; }

    public void Add() => _count += Step;
}

internal sealed class Holder
{
    public Func<int, int>? Callback { get; init; }

    public string Name { get; init; } = "";

    public string Describe() => $"holder {Name}";
}

internal sealed class Closing(List<string> closed) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Task.Yield();
        closed.Add("closed");
    }
}

/// <summary>Forms that use <c>this</c>: its private and inherited state, its methods, and what its primary constructor took.</summary>
internal sealed class OwnerForms(int given) : OwnerBase
{
    private readonly List<int> _numbers = [1, 2, 3];
    private int _size = 7;

    public IEnumerable<DelegateForm> Forms()
    {
        var local = 5;
        Func<int> own = () => _size + local;
        return
        [
            new(
                "private state of this",
                () =>
                {
                    return _size + _numbers.Count;
                },
                []
            ),
            new(
                "private state of this and a local",
                () =>
                {
                    return _size + local;
                },
                []
            ),
            new(
                "a parameter of the primary constructor",
                () =>
                {
                    return given * 2;
                },
                []
            ),
            new(
                "a private method of this",
                (int a) =>
                {
                    return Scale(a) + Inherited;
                },
                [3]
            ),
            new("this as a method group", (Func<int, int>)Scale, [3]),
            new(
                "this in a nested lambda",
                () =>
                {
                    return _numbers.Select(x => x * _size + local + given).ToArray();
                },
                []
            ),
            new(
                "this changed by the body",
                () =>
                {
                    _size = 8;
                    var grown = Scale(1);
                    _size = 7;
                    return grown;
                },
                []
            ),
            new(
                "a captured lambda over this",
                () =>
                {
                    return own() + _size;
                },
                []
            ),
            new(
                "async over this",
                async () =>
                {
                    await Task.Yield();
                    return Scale(given) + local;
                },
                []
            ),
            new(
                "a base method of this",
                () =>
                {
                    return base.Describe() + Describe();
                },
                []
            ),
        ];
    }

    public override string Describe() => "derived";

    private int Scale(int value) => value * _size;
}

internal class OwnerBase
{
    private readonly string _hidden = "hidden";

    protected int Inherited { get; } = 11;

    public virtual string Describe() => _hidden;
}

/// <summary>Forms inside a generic class and a generic method.</summary>
internal static class GenericForms<T>
{
    public static IEnumerable<DelegateForm> In<U>(T value, U other)
        where U : notnull
    {
        var context = $"in <{typeof(T).Name}, {typeof(U).Name}>: ";
        Func<T, string> show = given => $"{typeof(T).Name} {given} {value}";
        return
        [
            new(
                context + "captured",
                () =>
                {
                    return (value, other);
                },
                []
            ),
            new(
                context + "uncaptured",
                () =>
                {
                    return typeof(T).Name + typeof(U).Name + default(T);
                },
                []
            ),
            new(context + "method group", (Func<T, string>)Tell<U>, [value]),
            new(
                context + "nested type",
                () =>
                {
                    return new Inside<U> { Value = value, Other = other }.ToString();
                },
                []
            ),
            new(
                context + "nested lambda",
                () =>
                {
                    return new[] { value }.Select(x => (x, other)).ToArray();
                },
                []
            ),
            new(
                context + "captured lambda",
                (T given) =>
                {
                    return show(given);
                },
                [value]
            ),
            new(
                context + "async",
                async () =>
                {
                    await Task.Yield();
                    return (value, other);
                },
                []
            ),
            new(context + "iterator", (Func<int, IEnumerable<T?>>)Repeat, [2]),
        ];

        IEnumerable<T?> Repeat(int times)
        {
            for (var i = 0; i < times; i++)
            {
                yield return value;
            }
        }
    }

    private static string Tell<U>(T value) => $"{typeof(T).Name} {value} {typeof(U).Name}";

    internal sealed class Inside<V>
    {
        public T? Value { get; init; }

        public V? Other { get; init; }

        public override string ToString() => $"{Value} {Other} {typeof(V).Name}";
    }
}
