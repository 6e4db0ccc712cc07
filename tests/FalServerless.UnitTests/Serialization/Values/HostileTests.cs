using System.Buffers;
using System.Collections;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text;
using CsCheck;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Values;
using FalServerless.Wire;

namespace FalServerless.UnitTests.Serialization.Values;

public class HostileTests
{
    private const int Mutations = 120_000;

    // A byte may stand for an object, a dictionary or a type that is loaded for the first time: no more than this many bytes for each, and
    // some to begin with.
    private const int BytesPerByte = 1024;
    private const int BytesAtLeast = 512 * 1024;

    private static readonly (Type Declared, byte[] Bytes)[] Seeds = Samples().ToArray();

    [Fact]
    public void AnyBytesGiveAValueOrAProtocolExceptionAtABoundedCost()
    {
        var read = 0;
        var all = Seeds.Select(seed => seed.Bytes).ToArray();
        Gen.OneOf([.. Seeds.Select(seed => Mutation.Of(seed.Bytes, all).Select(bytes => (seed.Declared, Bytes: bytes)))])
            .Sample(
                Mutations,
                message =>
                {
                    var (declared, bytes) = message;
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    try
                    {
                        Travel.Read(bytes, declared);
                        read++;
                    }
                    catch (ProtocolException) { }

                    var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                    Assert.True(allocated <= BytesAtLeast + (BytesPerByte * bytes.Length), $"{allocated} bytes allocated");
                },
                message => $"{message.Declared} from {Convert.ToHexString(message.Bytes)}"
            );

        Assert.InRange(read, 1, Mutations - 1);
    }

    [Fact]
    public void EveryTruncationIsRefused()
    {
        foreach (var (declared, bytes) in Seeds)
        {
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.Throws<ProtocolException>(() => Travel.Read(bytes[..length], declared));
            }

            Assert.Throws<ProtocolException>(() => Travel.Read([.. bytes, 0xc0], declared));
        }
    }

    [Theory]
    [InlineData(typeof(Process))]
    [InlineData(typeof(FileInfo))]
    [InlineData(typeof(FileStream))]
    [InlineData(typeof(Action))]
    [InlineData(typeof(Exception))]
    [InlineData(typeof(Stream))]
    [InlineData(typeof(IComparable))]
    [InlineData(typeof(Enumerable))]
    [InlineData(typeof(List<>))]
    [InlineData(typeof(void))]
    [InlineData(typeof(nint))]
    [InlineData(typeof(Span<int>))]
    public void AForgedTypeNameIsRefused(Type type)
    {
        foreach (var body in new byte[][] { [0x80], [0x90], [0x91, 0x80], [0], [0xa0] })
        {
            Assert.Throws<ProtocolException>(() => Travel.Read(Typed(type, body), typeof(object)));
        }
    }

    [Fact]
    public void ATypeThatItsSlotDoesNotTakeIsRefused()
    {
        foreach (var bytes in new[] { Typed(typeof(Sample), [0x80]), Typed(typeof(List<string>), [0x90]) })
        {
            var error = Assert.Throws<ProtocolException>(() => Travel.Read(bytes, typeof(IEnumerable<int>)));
            Assert.Contains("into a slot of type", error.Message, StringComparison.Ordinal);
        }

        Assert.IsType<Sample>(Travel.Read(Typed(typeof(Sample), [0x80]), typeof(object)));
    }

    [Fact]
    public void AReferenceToAnObjectOfAnotherTypeIsRefused()
    {
        int[] one = [1];
        var bytes = Travel.Bytes<object[]>([one, one]);
        Assert.Throws<ProtocolException>(() => Travel.Read([0x82, 0xa4, .. "Left"u8, 0x80, 0xa4, .. "Many"u8, 0xd4, 2, 6], typeof(Sample)));
        Assert.Throws<ProtocolException>(() => Travel.Read([0x81, 0xa4, .. "Left"u8, 0xd4, 2, 1], typeof(Sample)));
        Assert.NotNull(Travel.Read(bytes, typeof(object[])));
    }

    [Theory]
    [InlineData(typeof(decimal[]))]
    [InlineData(typeof(List<Guid>))]
    [InlineData(typeof(object[][][]))]
    [InlineData(typeof(HashSet<Int128>))]
    [InlineData(typeof(ImmutableArray<Complex>))]
    public void NoMemoryIsTakenForItemsThatAreOnlyClaimed(Type declared)
    {
        // The header claims as many items as there are bytes, but they are no values at all.
        var bytes = new byte[8_000_000];
        Array.Fill(bytes, MessagePackCode.NeverUsed);
        new byte[] { MessagePackCode.Array32, 0, 0x7a, 0x11, 0xf0 }.CopyTo(bytes, 0);
        AssertRefusedWithin(256 * 1024, bytes, declared);
    }

    [Fact]
    public void NestedClaimsDoNotAddUp()
    {
        // Each array of a hundred within each other claims 8000 items: too few to look twice at one of them, but not all can be true.
        var bytes = new byte[60_000];
        var type = typeof(int);
        for (var i = 0; i < 100; i++)
        {
            new byte[] { MessagePackCode.Array16, 0x1f, 0x40 }.CopyTo(bytes, i * 3);
            type = type.MakeArrayType();
        }

        AssertRefusedWithin(1024 * 1024, bytes, type);
    }

    [Fact]
    public void TheLengthsOfAnArrayOfSeveralDimensionsMustAgreeWithItsItems()
    {
        AssertRefusedWithin(256 * 1024, Packed(40_000, 40_000, Array.Empty<int>()), typeof(int[,]));
        AssertRefusedWithin(256 * 1024, Packed(65_536, 65_536, Array.Empty<int>()), typeof(int[,]));
        AssertRefusedWithin(256 * 1024, Packed(int.MaxValue, 0, new[] { 1 }), typeof(int[,]));
        AssertRefusedWithin(256 * 1024, Packed(-1, -1, new[] { 1 }), typeof(int[,]));
        AssertRefusedWithin(256 * 1024, [0x92, 0xce, 0x7f, 0xff, 0xff, 0xff, 0xc4, 0], typeof(BitArray));

        static byte[] Packed(int x, int y, int[] items)
        {
            var output = new ArrayBufferWriter<byte>();
            var writer = new MessagePackWriter(output);
            writer.WriteArrayHeader(3);
            writer.Write(x);
            writer.Write(y);
            writer.WriteArrayHeader(items.Length);
            foreach (var item in items)
            {
                writer.Write(item);
            }

            writer.Flush();
            return output.WrittenSpan.ToArray();
        }
    }

    [Fact]
    public void AHugeStructThatAMessageBuildsFromTypeNamesIsRefused()
    {
        var type = typeof(int);
        for (var i = 0; i < 4; i++)
        {
            type = typeof(ValueTuple<,,,,,,>).MakeGenericType(Enumerable.Repeat(type, 7).ToArray());
        }

        Assert.Throws<ProtocolException>(() => Travel.Read(Typed(type, [0x90]), typeof(object)));
        Assert.Throws<ProtocolException>(() => Travel.Read(Typed(type.MakeArrayType(), [0x90]), typeof(object)));
        Assert.Throws<ProtocolException>(() => Travel.Read(Typed(typeof(List<>).MakeGenericType(type), [0x90]), typeof(object)));
    }

    [Fact]
    public void WhatTheKeysOfAUserThrowIsAProtocolException() =>
        Assert.Throws<ProtocolException>(() => Travel.Read([0x81, 0x81, 0xa4, .. "Text"u8, 0xc0, 1], typeof(Dictionary<Key, int>)));

    [Fact]
    public void AKeyThatComesTwiceIsRefused() =>
        Assert.Throws<ProtocolException>(() => Travel.Read([0x82, 1, 1, 1, 2], typeof(Dictionary<int, int>)));

    private static void AssertRefusedWithin(long limit, byte[] bytes, Type declared)
    {
        Assert.Throws<ProtocolException>(() => Travel.Read(bytes, declared));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ProtocolException>(() => Travel.Read(bytes, declared));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, limit);
    }

    private static byte[] Typed(Type type, byte[] body)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteRaw(Markers.Typed);
        new TypeWriter().Write(ref writer, type);
        writer.WriteRaw(body);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static IEnumerable<(Type, byte[])> Samples()
    {
        var sample = new Sample
        {
            Name = "x",
            Any = new List<object> { 1, "a", 2.5m, typeof(Sample) },
            Point = (1, "b"),
            When = DateTime.UnixEpoch,
        };
        sample.Left = sample;
        sample.Many = [sample, new() { Any = new Sample[1, 1] }];
        sample.ByName = new(StringComparer.OrdinalIgnoreCase) { ["k"] = sample };
        object[] values =
        [
            sample,
            new[] { 1, 2, 300 },
            "text",
            1.5m,
            Guid.Empty,
            new DateTime(1, DateTimeKind.Local),
            DateTimeOffset.UnixEpoch,
            (1, "x", 2.5, DayOfWeek.Friday),
            new Uri("http://x/"),
            new Version(1, 2),
            CultureInfo.GetCultureInfo("de"),
            typeof(Dictionary<string, int[]>),
            BigInteger.Pow(9, 50),
            new Rune('x'),
            (Half)1.5,
            Int128.MaxValue,
            new int[2, 2],
            new string[]?[] { ["a"], null },
            new BitArray(9),
            new Queue<int>([1]),
            new Stack<string>(["a", "b"]),
            new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" },
            new SortedDictionary<string, int> { ["a"] = 1 },
            ImmutableArray.Create(1, 2),
            ImmutableDictionary<string, int>.Empty.Add("a", 1),
            new[] { 1, 2 }.ToFrozenSet(),
            new Hashtable { ["a"] = 1 },
            new ArrayList { 1, "x" },
            (int?)5,
            Tuple.Create(1, "a"),
            new[] { 1, 2 }.ToLookup(n => n % 2),
            new PriorityQueue<string, int>([("a", 1)]),
            new DateOnly(2024, 1, 1),
            (byte[])[1, 2, 3],
            new Dictionary<Key, int> { [new() { Text = "a" }] = 1 },
            "\ud800",
            1..^1,
            System.Text.Json.JsonDocument.Parse("[1]").RootElement,
            new SortedSet<string>(StringComparer.Create(new("tr"), true)) { "a" },
            new List<List<object?>>
            {
                new() { null, 1L },
                new(),
            },
            new LinkedList<int>([1]),
        ];
        foreach (var value in values)
        {
            var declared = value switch
            {
                Type => typeof(Type),
                FrozenSet<int> => typeof(FrozenSet<int>),
                Lookup<int, int> => typeof(Lookup<int, int>),
                _ => value.GetType(),
            };
            yield return (declared, Travel.Bytes(declared, value));
            yield return (typeof(object), Travel.Bytes(typeof(object), value));
        }

        yield return (typeof(IEnumerable<int>), Travel.Bytes<IEnumerable<int>>([1, 2]));
        yield return (typeof(IOrderedEnumerable<int>), Travel.Bytes<IOrderedEnumerable<int>>(new[] { 1 }.OrderBy(n => n)));
        yield return (typeof(IGrouping<int, string>), Travel.Bytes(new[] { "a" }.GroupBy(word => word.Length).Single()));
    }

    private sealed class Sample
    {
        public string? Name;
        public object? Any;
        public Sample? Left;
        public List<Sample>? Many;
        public Dictionary<string, Sample>? ByName;
        public (int, string) Point;
        public DateTime When;
    }

    private sealed class Key
    {
        public string? Text;

        public override bool Equals(object? obj) => obj is Key key && key.Text == Text;

        public override int GetHashCode() => Text!.Length;
    }
}
