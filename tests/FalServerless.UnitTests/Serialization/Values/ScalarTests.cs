using System.Globalization;
using System.Numerics;
using System.Text;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values;

public class ScalarTests
{
    [Fact]
    public void EveryNumberSurvivesAtItsEdges()
    {
        Edges<sbyte>();
        Edges<byte>();
        Edges<short>();
        Edges<ushort>();
        Edges<int>();
        Edges<uint>();
        Edges<long>();
        Edges<ulong>();
        Edges<Int128>();
        Edges<UInt128>();
        Edges<char>();
        Edges<Half>();
        Edges<float>();
        Edges<double>();
        Edges<decimal>();
        Travel.Equal(Int128.MaxValue / 3);
        Travel.Equal(true);
        Travel.Equal(BigInteger.Pow(-7, 300));
        Travel.Equal(BigInteger.Zero);
        Travel.Equal(new Complex(1.5, -0.0));
        Travel.Equal(new Rune(0x1f600));
        Travel.Equal(Index.FromEnd(0));
        Travel.Equal(3..^7);
    }

    [Fact]
    public void FloatsKeepTheSignOfZeroAndThePayloadOfNaN()
    {
        Assert.Equal(long.MinValue, BitConverter.DoubleToInt64Bits(Travel.RoundTrip(-0.0)));
        foreach (var bits in new[] { 0x7ff0_0000_0000_0001UL, 0xfff8_1234_5678_9abcUL, 0x7ff4_0000_0000_0000UL })
        {
            Assert.Equal(bits, BitConverter.DoubleToUInt64Bits(Travel.RoundTrip(BitConverter.UInt64BitsToDouble(bits))));
        }

        foreach (var bits in new[] { 0x7f80_0001u, 0xffc1_2345u, 0x8000_0000u })
        {
            Assert.Equal(bits, BitConverter.SingleToUInt32Bits(Travel.RoundTrip(BitConverter.UInt32BitsToSingle(bits))));
        }

        for (var bits = 0; bits <= ushort.MaxValue; bits++)
        {
            Assert.Equal((ushort)bits, BitConverter.HalfToUInt16Bits(Travel.RoundTrip(BitConverter.UInt16BitsToHalf((ushort)bits))));
        }
    }

    [Fact]
    public void DecimalsKeepTheirScaleAndSign()
    {
        foreach (var value in new[] { 1.0m, 1.00m, new decimal(0, 0, 0, true, 5), decimal.MaxValue, 0.0000000000000000000000000001m })
        {
            Assert.Equal(decimal.GetBits(value), decimal.GetBits(Travel.RoundTrip(value)));
        }
    }

    [Theory]
    [InlineData(DateTimeKind.Utc)]
    [InlineData(DateTimeKind.Local)]
    [InlineData(DateTimeKind.Unspecified)]
    public void DateTimesKeepTheirKindAndEveryTick(DateTimeKind kind)
    {
        foreach (
            var ticks in new[]
            {
                0,
                1,
                DateTime.UnixEpoch.Ticks - 1,
                DateTime.UnixEpoch.Ticks + 1,
                DateTime.MaxValue.Ticks,
                638_000_000_000_000_001,
            }
        )
        {
            var there = Travel.RoundTrip(new DateTime(ticks, kind));
            Assert.Equal((ticks, kind), (there.Ticks, there.Kind));
        }
    }

    [Fact]
    public void AUtcTimeIsAPlainTimestamp() => Assert.Equal([0xd6, 0xff, 0, 0, 0, 1], Travel.Bytes(DateTime.UnixEpoch.AddSeconds(1)));

    [Fact]
    public void OtherTimesSurvive()
    {
        foreach (
            var value in new[]
            {
                DateTimeOffset.MinValue,
                DateTimeOffset.MaxValue,
                new(2024, 2, 29, 23, 59, 59, 999, 999, TimeSpan.FromMinutes(-570)),
            }
        )
        {
            Assert.True(value.EqualsExact(Travel.RoundTrip(value)));
        }

        Travel.Equal(TimeSpan.MinValue);
        Travel.Equal(DateOnly.MaxValue);
        Travel.Equal(TimeOnly.MaxValue);
    }

    [Fact]
    public void NamesSurvive()
    {
        Travel.Equal(Guid.NewGuid());
        Travel.Equal(new Uri("https://example.org/a b?ü=%20#x"));
        Travel.Equal(new Uri("/a/b?c", UriKind.Relative));
        Travel.Equal(new Version(1, 2));
        Travel.Equal(new Version(1, 2, 3, 4));
        Travel.Equal(CultureInfo.GetCultureInfo("de-AT"));
        Travel.Equal(CultureInfo.InvariantCulture);
        Assert.False(Travel.RoundTrip(new CultureInfo("fr-FR")).IsReadOnly);
        Assert.True(Travel.RoundTrip(CultureInfo.GetCultureInfo("fr-FR")).IsReadOnly);
        Travel.Equal(typeof(string));
        Travel.Equal(typeof(Dictionary<string, ScalarTests[,]>));
        Travel.Equal(typeof(List<>));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("äöü€😀")]
    [InlineData("0123456789")]
    [InlineData("€€€€€€€€€€")]
    [InlineData("€€€€€€€€€€€")]
    [InlineData("a lone high \ud800 surrogate in a longer text")]
    [InlineData("\ud800")]
    [InlineData("\udc00\ud800")]
    [InlineData("ends in a high surrogate, and is longer \ud83d")]
    public void StringsSurviveCharacterByCharacter(string text)
    {
        Travel.Equal(text);
        Travel.Equal<string?>(null);
        Assert.Equal(text, Travel.RoundTrip(new StringBuilder(text)).ToString());
        Travel.Equal(new string('x', 100_000) + text);
    }

    [Fact]
    public void EnumsOfEveryNumberSurviveEvenWithoutAName()
    {
        Travel.Equal(DayOfWeek.Friday);
        Travel.Equal((DayOfWeek)4711);
        Travel.Equal(Tiny.Least);
        Travel.Equal(Huge.Most);
        Travel.Equal(Huge.Most | (Huge)5);
        Assert.Equal([5], Travel.Bytes(DayOfWeek.Friday));
    }

    [Fact]
    public void NullablesSurvive()
    {
        Travel.Equal<int?>(null);
        Travel.Equal<int?>(0);
        Travel.Equal<DateTime?>(DateTime.UnixEpoch);
        Travel.Equal<DayOfWeek?>(DayOfWeek.Friday);
        Travel.Equal<Guid?>(null);
    }

    [Fact]
    public void AnObjectSlotKeepsTheExactTypeOfItsNumber()
    {
        foreach (
            var value in new object[]
            {
                1,
                1L,
                (byte)1,
                'a',
                1f,
                1d,
                1m,
                "1",
                true,
                DayOfWeek.Monday,
                (nuint.MaxValue, 1).Item2,
                Guid.Empty,
                TimeSpan.Zero,
                typeof(int),
            }
        )
        {
            var there = Travel.RoundTrip<object>(value);
            Assert.Equal(value, there);
            Assert.Equal(value.GetType(), there.GetType());
        }
    }

    private static void Edges<T>()
        where T : INumber<T>, IMinMaxValue<T>
    {
        foreach (
            var value in new[]
            {
                T.Zero,
                T.One,
                T.MinValue,
                T.MaxValue,
                T.MaxValue / (T.One + T.One),
                T.CreateSaturating(-33),
                T.CreateSaturating(200),
                T.CreateSaturating(70_000),
            }
        )
        {
            Travel.Equal(value);
        }
    }

    private enum Tiny : sbyte
    {
        Least = sbyte.MinValue,
    }

    [Flags]
    private enum Huge : ulong
    {
        None = 0,
        Most = 1UL << 63,
    }
}
