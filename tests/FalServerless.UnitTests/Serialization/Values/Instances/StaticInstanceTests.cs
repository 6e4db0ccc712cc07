using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values.Instances;

/// <summary>What a static readonly field of its own class holds arrives as that field's object.</summary>
public class StaticInstanceTests
{
    [Fact]
    public void AnInstanceOfAnEnumerationClassArrivesAsItself()
    {
        for (var i = 0; i < Travel.Rounds; i++)
        {
            Assert.Same(Color.Red, Travel.RoundTrip(Color.Red));
            Assert.Same(Color.Green, Travel.RoundTrip<object>(Color.Green));
            Assert.Same(Operation.Add, Travel.RoundTrip(Operation.Add));
            Assert.Same(Operation.Add, Travel.RoundTrip<object>(Operation.Add));
            Assert.Same(Rule<int>.Any, Travel.RoundTrip(Rule<int>.Any));
            Assert.Same(Tags.None, Travel.RoundTrip(Tags.None));
        }
    }

    [Fact]
    public void NestedSharedAndAsKeysToo()
    {
        var there = Travel.RoundTrip(
            (new[] { Color.Red, Color.Red, null }, new Dictionary<Color, int> { [Color.Green] = 2 }, new Holder { Any = Color.Red })
        );
        Assert.Same(Color.Red, there.Item1[0]);
        Assert.Same(Color.Red, there.Item1[1]);
        Assert.Equal(2, there.Item2[Color.Green]);
        Assert.Same(Color.Red, there.Item3.Any);
    }

    [Fact]
    public void AnObjectThatOnlyEqualsItIsAnObjectOfItsOwn()
    {
        var own = new Color("red");
        var there = Travel.RoundTrip(new[] { own, Color.Red });
        Assert.Equal(own, there[0]);
        Assert.NotSame(Color.Red, there[0]);
        Assert.Same(Color.Red, there[1]);
    }

    [Fact]
    public void InstancesThatReferToEachOtherArriveAsThemselves()
    {
        Assert.Same(Direction.North, Travel.RoundTrip(Direction.North));
        Assert.Equal([Direction.South, Direction.North], Travel.RoundTrip(new[] { Direction.South, Direction.North }));
    }

    [Fact]
    public void AnInstanceThatDiffersOnTheOtherSideArrivesWithItsContentsAndNotAsTheOtherOne()
    {
        var bytes = Travel.Bytes(new[] { Mutable.Default, Mutable.Default });
        Mutable.Default.Number = 7;
        var there = Travel.Read<Mutable[]>(bytes);
        Assert.Equal(5, there[0].Number);
        Assert.Same(there[0], there[1]);
        Mutable.Default.Number = 5;
        Assert.Same(Mutable.Default, Travel.Read<Mutable[]>(bytes)[0]);
    }

    [Fact]
    public void AnInstanceThatDiffersAndIsReferredToFromWithinIsRefused()
    {
        Tree.Root.Children.Add(new() { Parent = Tree.Root });
        var bytes = Travel.Bytes(Tree.Root);
        Assert.Same(Tree.Root, Travel.Read<Tree>(bytes));
        Tree.Root.Children.Clear();
        Assert.Contains(
            "'FalServerless.UnitTests.Serialization.Values.Instances.StaticInstanceTests+Tree.Root'",
            Assert.Throws<ProtocolException>(() => Travel.Read<Tree>(bytes)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AMessageThatNamesNoSuchFieldIsRefusedInWords()
    {
        var bytes = Travel.Bytes(Color.Red);
        var name = bytes.AsSpan().IndexOf("Red"u8);
        bytes[name] = (byte)'B';
        Assert.Contains(
            "'FalServerless.UnitTests.Serialization.Values.Instances.StaticInstanceTests+Color.Bed'",
            Assert.Throws<ProtocolException>(() => Travel.Read<Color>(bytes)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AStaticConstructorThatThrowsThereIsSaid()
    {
        var bytes = Travel.Bytes(Color.Red);
        var broken = System.Text.Encoding.UTF8.GetString(bytes);
        byte[] forged = [.. bytes];
        "Clash"u8.CopyTo(forged.AsSpan(bytes.AsSpan().IndexOf("+Color"u8) + 1));
        var message = Assert.Throws<ProtocolException>(() => Travel.Read<Clash>(forged)).Message;
        Assert.EndsWith("initialisation failed: broken", message);
    }

    [Fact]
    public void ANewerMembersInstanceIsSkipped()
    {
        var there = Travel.Read<Older>(Travel.Bytes(new Newer { Extra = Color.Red, Last = typeof(Color) }));
        Assert.Equal(typeof(Color), there.Last);
    }

    private sealed class Color(string name)
    {
        public static readonly Color Red = new("red");

        public static Color Green { get; } = new("green");

        public string Name { get; private set; } = name;

        public override bool Equals(object? obj) => obj is Color color && color.Name == Name;

        public override int GetHashCode() => Name.Length;
    }

    private sealed class Clash
    {
        public static readonly Clash Red = Make();

        public string? Name { get; set; }

        private static Clash Make() => throw new InvalidOperationException("broken");
    }

    private abstract class Operation(Func<int, int, int> code)
    {
        public static readonly Operation Add = new Addition();

        public int Run(int x, int y) => code(x, y);

        private sealed class Addition() : Operation((x, y) => x + y);
    }

    private sealed class Rule<T>
    {
        public static readonly Rule<T> Any = new();

        public T? Value { get; init; }
    }

    private sealed class Direction
    {
        public static readonly Direction North = new();
        public static readonly Direction South = new();

        private Direction? _opposite;

        static Direction()
        {
            North._opposite = South;
            South._opposite = North;
        }

        public Direction Opposite => _opposite!;
    }

    private sealed class Mutable
    {
        public static readonly Mutable Default = new() { Number = 5 };

        public int Number { get; set; }
    }

    private sealed class Tree
    {
        public static readonly Tree Root = new();

        public Tree? Parent { get; init; }

        public List<Tree> Children { get; } = [];
    }

    private sealed class Tags : List<string>
    {
        public static readonly Tags None = [];
    }

    private sealed class Holder
    {
        public object? Any;
    }

    private sealed class Newer
    {
        public Color? Extra;
        public Type? Last;
    }

    private sealed class Older
    {
        public Type? Last { get; init; }
    }
}
