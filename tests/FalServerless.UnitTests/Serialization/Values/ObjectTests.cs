using System.Collections.ObjectModel;
using System.Runtime.CompilerServices;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values;

public class ObjectTests
{
    [Fact]
    public void RecordsSurviveWithoutAParameterlessConstructor()
    {
        Travel.Equal(new Person("Ada", 36, new("London", ["a", "b"])));
        Travel.Equal(new Point(1, -2));
        Travel.Equal(new { Name = "x", Age = 3 });
        Travel.Equal((new { A = 1 }, new Point(1, 2)));
    }

    [Fact]
    public void ARecordIsAMapByPropertyName() =>
        Assert.Equal([0x82, 0xa1, (byte)'X', 1, 0xa1, (byte)'Y', 0xfe], Travel.Bytes(new Point(1, -2)));

    [Fact]
    public void PrivateReadonlyAndInheritedStateSurvives()
    {
        for (var i = 0; i < Travel.Rounds; i++)
        {
            var there = Travel.RoundTrip(new Derived("base", "derived"));
            Assert.Equal("base/derived", there.Both);
            Assert.Equal("base/derived", ((Derived)Travel.RoundTrip<Base>(new Derived("base", "derived"))).Both);
        }
    }

    [Fact]
    public void NoConstructorGetterOrSetterRuns()
    {
        for (var i = 0; i < Travel.Rounds; i++)
        {
            var touchy = (Touchy)RuntimeHelpers.GetUninitializedObject(typeof(Touchy));
            touchy.Field = "kept";
            Assert.Equal("kept", Travel.RoundTrip(touchy).Field);
        }
    }

    [Fact]
    public void AClosureSurvives()
    {
        var (number, text) = (5, "x");
        Func<string> body = () => text + number;
        var closure = body.Target!;
        var there = Travel.RoundTrip<object>(closure);
        Assert.Equal("x5", body.Method.Invoke(there, null));
    }

    [Fact]
    public void UnknownMembersAreSkippedAndMissingOnesKeepTheirDefault()
    {
        var newer = Travel.Bytes(
            new Newer
            {
                Shared = new(),
                Extra = [new Point(1, 2), typeof(Point), new Newer()],
                Last = new Point(3, 4),
                Again = typeof(Newer),
            }
        );
        var there = Travel.Read<Older>(newer);
        Assert.Equal(new Point(3, 4), there.Last);
        Assert.Equal(typeof(Newer), there.Again);
        Assert.Null(there.OnlyHere);
    }

    [Fact]
    public void CollectionClassesOfAUserKeepTheirTypeItemsAndFields()
    {
        for (var i = 0; i < Travel.Rounds; i++)
        {
            var list = Travel.RoundTrip(new Tagged("t") { 1, 2 });
            Assert.Equal(("t", 2), (list.Tag, list.Count));

            var map = Travel.RoundTrip(new TaggedMap("t") { ["A"] = 1 });
            Assert.Equal(("t", 1), (map.Tag, map["a"]));

            var guarded = Travel.RoundTrip(new Guarded(3));
            Assert.Equal([3], guarded);
            Assert.Equal(1, guarded.Inserts);
        }
    }

    [Fact]
    public void AClassThatIsAListOfItselfSurvives()
    {
        var tree = new Tree
        {
            new Tree(),
            new Tree { new Tree() },
        };
        tree.Add(tree);
        var there = Travel.RoundTrip(tree);
        Assert.Equal((3, 1), (there.Count, there[1].Count));
        Assert.Same(there, there[2]);
    }

    [Fact]
    public void NestedGenericAndLargeStructsSurvive()
    {
        Travel.Equal(new Wrapper<Wrapper<string>>(new("x", 1), 2));
        Travel.Equal<Wrapper<int>?>(null);
        Travel.Equal<Wrapper<int>?>(new(1, 2));
        Travel.Equal(Enumerable.Range(0, 100).Select(i => new Wrapper<decimal>(i, i)).ToArray());
    }

    public record Person(string Name, int Age, Address? Address);

    public sealed record Address(string City, string[] Lines)
    {
        public bool Equals(Address? other) => other is not null && City == other.City && Lines.SequenceEqual(other.Lines);

        public override int GetHashCode() => City.GetHashCode(StringComparison.Ordinal);
    }

    public readonly record struct Point(int X, int Y);

    public record struct Wrapper<T>(T Value, long Number);

    private class Base(string name)
    {
        private readonly string _name = name;

        protected string BaseName => _name;
    }

    private sealed class Derived(string baseName, string name) : Base(baseName)
    {
        private readonly string _name = name;

        public string Both => $"{BaseName}/{_name}";
    }

    private sealed class Touchy
    {
        public string? Field;

        public Touchy() => throw new InvalidOperationException("The constructor ran.");

        public string Property
        {
            get => throw new InvalidOperationException("The getter ran.");
            set => throw new InvalidOperationException("The setter ran.");
        }

        public override bool Equals(object? obj) => throw new InvalidOperationException("Equals ran.");

        public override int GetHashCode() => throw new InvalidOperationException("GetHashCode ran.");

        public override string ToString() => throw new InvalidOperationException("ToString ran.");
    }

    private sealed class Newer
    {
        public Older? Shared;
        public object[]? Extra;
        public object? Last;
        public Type? Again;
    }

    private sealed class Older
    {
        public string? OnlyHere { get; init; }

        public object? Last { get; init; }

        public Type? Again { get; init; }
    }

    private sealed class Tagged(string tag) : List<int>
    {
        public string Tag => tag;
    }

    private sealed class TaggedMap(string tag) : Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)
    {
        public string Tag => tag;
    }

    private sealed class Guarded : Collection<int>
    {
        public Guarded(int item) => Add(item);

        public int Inserts { get; private set; }

        protected override void InsertItem(int index, int item)
        {
            Inserts++;
            base.InsertItem(index, item);
        }
    }

    private sealed class Tree : List<Tree>;
}
