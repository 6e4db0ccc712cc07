using System.Buffers;
using System.Globalization;
using FalServerless.Tests.Shared.Wire;
using FalServerless.Wire;

namespace FalServerless.UnitTests.Wire;

public class MessagePackReaderTests
{
    [Theory]
    [InlineData("00", "0")]
    [InlineData("7f", "127")]
    [InlineData("e0", "-32")]
    [InlineData("ff", "-1")]
    [InlineData("cc00", "0")]
    [InlineData("ccff", "255")]
    [InlineData("cd0000", "0")]
    [InlineData("cdffff", "65535")]
    [InlineData("ce00000000", "0")]
    [InlineData("ceffffffff", "4294967295")]
    [InlineData("cf0000000000000000", "0")]
    [InlineData("cfffffffffffffffff", "18446744073709551615")]
    [InlineData("d000", "0")]
    [InlineData("d07f", "127")]
    [InlineData("d080", "-128")]
    [InlineData("d10000", "0")]
    [InlineData("d1ffff", "-1")]
    [InlineData("d18000", "-32768")]
    [InlineData("d17fff", "32767")]
    [InlineData("d2ffffffff", "-1")]
    [InlineData("d280000000", "-2147483648")]
    [InlineData("d27fffffff", "2147483647")]
    [InlineData("d3ffffffffffffffff", "-1")]
    [InlineData("d38000000000000000", "-9223372036854775808")]
    [InlineData("d37fffffffffffffff", "9223372036854775807")]
    public void AnIntegerOfAnyFormIsReadByEveryTypeThatHoldsItAndRefusedByTheOthers(string hex, string expected)
    {
        var message = Messages.FromHex(hex);
        var value = Int128.Parse(expected, CultureInfo.InvariantCulture);
        Check(byte.MinValue, byte.MaxValue, (ref reader) => reader.ReadByte());
        Check(ushort.MinValue, ushort.MaxValue, (ref reader) => reader.ReadUInt16());
        Check(uint.MinValue, uint.MaxValue, (ref reader) => reader.ReadUInt32());
        Check(ulong.MinValue, ulong.MaxValue, (ref reader) => reader.ReadUInt64());
        Check(sbyte.MinValue, sbyte.MaxValue, (ref reader) => reader.ReadSByte());
        Check(short.MinValue, short.MaxValue, (ref reader) => reader.ReadInt16());
        Check(int.MinValue, int.MaxValue, (ref reader) => reader.ReadInt32());
        Check(long.MinValue, long.MaxValue, (ref reader) => reader.ReadInt64());
        Check(char.MinValue, char.MaxValue, (ref reader) => reader.ReadChar());

        void Check(Int128 least, Int128 most, Messages.Reading<Int128> read)
        {
            if (value >= least && value <= most)
            {
                Assert.Equal(value, Messages.Read(message, read));
            }
            else
            {
                Messages.Refused(message, read);
            }
        }
    }

    [Fact]
    public void EveryIntegerAroundAPowerOfTwoComesBackThroughEveryTypeThatHoldsIt()
    {
        for (var bit = 0; bit <= 64; bit++)
        {
            for (var offset = -2; offset <= 2; offset++)
            {
                RoundTrip((Int128.One << bit) + offset);
                RoundTrip(-(Int128.One << bit) + offset);
            }
        }

        static void RoundTrip(Int128 value)
        {
            if (value >= 0 && value <= ulong.MaxValue)
            {
                Assert.Equal(
                    (ulong)value,
                    Messages.Read(Messages.Written((ref writer) => writer.Write((ulong)value)), (ref reader) => reader.ReadUInt64())
                );
            }

            if (value >= long.MinValue && value <= long.MaxValue)
            {
                Assert.Equal(
                    (long)value,
                    Messages.Read(Messages.Written((ref writer) => writer.Write((long)value)), (ref reader) => reader.ReadInt64())
                );
            }
        }
    }

    [Theory]
    [InlineData("a0", "")]
    [InlineData("a161", "a")]
    [InlineData("d900", "")]
    [InlineData("d90161", "a")]
    [InlineData("da000161", "a")]
    [InlineData("db0000000161", "a")]
    [InlineData("a4f09f9880", "😀")]
    [InlineData("a100", "\0")]
    public void AStringIsReadFromEveryForm(string hex, string expected)
    {
        var message = Messages.FromHex(hex);
        Assert.Equal(expected, Messages.Read(message, (ref reader) => reader.ReadString()));
    }

    [Theory]
    [InlineData("a1ff")]
    [InlineData("a180")]
    [InlineData("a1c3")]
    [InlineData("a2c3 28")]
    [InlineData("a2c0 80")]
    [InlineData("a3e2 82 28")]
    [InlineData("a3ed a0 80")]
    [InlineData("a3ef bf")]
    [InlineData("a4f4 90 80 80")]
    [InlineData("a5f8 88 80 80 80")]
    [InlineData("a261 e2")]
    public void TextThatIsNotUtf8IsRefusedHoweverItIsCut(string hex)
    {
        var message = Messages.FromHex(hex);
        Messages.Refused(message, (ref reader) => reader.ReadString());
        for (var at = 0; at <= message.Length; at++)
        {
            var cut = Messages.Cut(message, at);
            Assert.Throws<ProtocolException>(() => Messages.Read(cut, (ref reader) => reader.ReadString()));
        }
    }

    [Theory]
    [InlineData("c400", "")]
    [InlineData("c401ff", "ff")]
    [InlineData("c50001ff", "ff")]
    [InlineData("c600000001ff", "ff")]
    public void BinaryDataAreReadFromEveryForm(string hex, string expected)
    {
        var read = Messages.Read(Messages.FromHex(hex), (ref reader) => reader.ReadBytes()!.Value.ToArray());
        Assert.Equal(Messages.FromHex(expected), read);
    }

    [Fact]
    public void NilStandsForNoStringAndNoBytes()
    {
        byte[] nil = [MessagePackCode.Nil];
        Assert.Null(Messages.Read(nil, (ref reader) => reader.ReadString()));
        Assert.Null(Messages.Read(nil, (ref reader) => reader.ReadBytes()));
        Assert.True(Messages.Read(nil, (ref reader) => reader.TryReadNil()));
        Assert.True(
            Messages.Read(
                nil,
                (ref reader) =>
                {
                    reader.ReadNil();
                    return true;
                }
            )
        );
    }

    [Theory]
    [InlineData("90", 0)]
    [InlineData("92 0000", 2)]
    [InlineData("dc0000", 0)]
    [InlineData("dc0002 0000", 2)]
    [InlineData("dd00000000", 0)]
    [InlineData("dd00000002 0000", 2)]
    public void AnArraysCountIsReadFromEveryForm(string hex, int expected)
    {
        var reader = new MessagePackReader(Messages.FromHex(hex));
        Assert.Equal(expected, reader.ReadArrayHeader());
        Assert.Equal(expected, reader.Remaining);

        reader = new(Messages.FromHex(hex));
        Assert.True(reader.TryReadArrayHeader(out var count));
        Assert.Equal(expected, count);
    }

    [Theory]
    [InlineData("80", 0)]
    [InlineData("81 0000", 1)]
    [InlineData("de0000", 0)]
    [InlineData("de0001 0000", 1)]
    [InlineData("df00000000", 0)]
    [InlineData("df00000001 0000", 1)]
    public void AMapsCountIsReadFromEveryForm(string hex, int expected)
    {
        var reader = new MessagePackReader(Messages.FromHex(hex));
        Assert.Equal(expected, reader.ReadMapHeader());
        Assert.Equal(2 * expected, reader.Remaining);
    }

    [Theory]
    [InlineData("d480 01", -128, "01")]
    [InlineData("d57f 0102", 127, "0102")]
    [InlineData("d600 01020304", 0, "01020304")]
    [InlineData("d705 0102030405060708", 5, "0102030405060708")]
    [InlineData("d805 0102030405060708090a0b0c0d0e0f10", 5, "0102030405060708090a0b0c0d0e0f10")]
    [InlineData("c70005", 5, "")]
    [InlineData("c70105 01", 5, "01")]
    [InlineData("c8000105 01", 5, "01")]
    [InlineData("c90000000105 01", 5, "01")]
    public void AnExtensionIsReadFromEveryForm(string hex, int typeCode, string data)
    {
        var extension = Messages.Read(Messages.FromHex(hex), (ref reader) => reader.ReadExtensionFormat());
        Assert.Equal(typeCode, extension.TypeCode);
        Assert.Equal(Messages.FromHex(data), extension.Data.ToArray());
        Assert.Equal((uint)extension.Data.Length, extension.Header.Length);
    }

    [Fact]
    public void AThirtyTwoBitFloatIsADoubleTooButNotTheOtherWayRound()
    {
        byte[] single = Messages.FromHex("ca3fc00000");
        byte[] wide = Messages.FromHex("cb3ff8000000000000");
        Assert.Equal(1.5f, Messages.Read(single, (ref reader) => reader.ReadSingle()));
        Assert.Equal(1.5, Messages.Read(single, (ref reader) => reader.ReadDouble()));
        Assert.Equal(1.5, Messages.Read(wide, (ref reader) => reader.ReadDouble()));
        Messages.Refused(wide, (ref reader) => reader.ReadSingle());
    }

    [Fact]
    public void FloatsComeBackBitByBit()
    {
        foreach (
            var value in (double[])
                [0d, -0d, double.Epsilon, double.MaxValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity, Math.PI]
        )
        {
            var back = Messages.Read(Messages.Written((ref writer) => writer.Write(value)), (ref reader) => reader.ReadDouble());
            Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(back));
            var single = (float)value;
            var singleBack = Messages.Read(Messages.Written((ref writer) => writer.Write(single)), (ref reader) => reader.ReadSingle());
            Assert.Equal(BitConverter.SingleToInt32Bits(single), BitConverter.SingleToInt32Bits(singleBack));
        }
    }

    [Theory]
    [InlineData("dd ffffffff")]
    [InlineData("dd 7fffffff 00")]
    [InlineData("dd 80000000 00")]
    [InlineData("dc ffff 00")]
    [InlineData("9f 00000000000000000000000000")]
    [InlineData("91")]
    public void AnArrayThatClaimsMoreItemsThanBytesAreLeftIsRefusedWithoutMakingRoom(string hex)
    {
        RefusedCheaply(hex, (ref reader) => reader.ReadArrayHeader());
        RefusedCheaply(hex, (ref reader) => reader.TryReadArrayHeader(out _));
    }

    [Theory]
    [InlineData("df ffffffff")]
    [InlineData("df 7fffffff 0000")]
    [InlineData("df 80000000 0000")]
    [InlineData("de ffff 0000")]
    [InlineData("82 000000")]
    [InlineData("81 00")]
    public void AMapThatClaimsMorePairsThanBytesAreLeftIsRefusedWithoutMakingRoom(string hex)
    {
        RefusedCheaply(hex, (ref reader) => reader.ReadMapHeader());
    }

    [Theory]
    [InlineData("db ffffffff 61")]
    [InlineData("db 7fffffff 61")]
    [InlineData("db 80000000 61")]
    [InlineData("da ffff 61")]
    [InlineData("d9 ff 61")]
    [InlineData("bf 61")]
    public void AStringThatClaimsMoreThanIsLeftIsRefusedWithoutMakingRoom(string hex)
    {
        RefusedCheaply(hex, (ref reader) => reader.ReadString());
    }

    [Theory]
    [InlineData("c6 ffffffff 61")]
    [InlineData("c6 80000000 61")]
    [InlineData("c5 ffff 61")]
    [InlineData("c4 ff 61")]
    public void BinaryDataThatClaimMoreThanIsLeftAreRefusedWithoutMakingRoom(string hex)
    {
        RefusedCheaply(hex, (ref reader) => reader.ReadBytes());
    }

    [Theory]
    [InlineData("c9 ffffffff 05 61")]
    [InlineData("c9 80000000 05 61")]
    [InlineData("c8 ffff 05 61")]
    [InlineData("c7 ff 05 61")]
    [InlineData("c7 01 05")]
    [InlineData("c7 00")]
    [InlineData("d8 05 61")]
    [InlineData("d4")]
    public void AnExtensionThatClaimsMoreThanIsLeftIsRefusedWithoutMakingRoom(string hex)
    {
        RefusedCheaply(hex, (ref reader) => reader.ReadExtensionFormat());
        RefusedCheaply(hex, (ref reader) => reader.ReadExtensionFormatHeader());
    }

    [Fact]
    public void ALengthOfRawBytesOutsideTheMessageIsRefused()
    {
        Messages.Refused([1, 2], (ref reader) => reader.ReadRaw(3));
        Messages.Refused([1, 2], (ref reader) => reader.ReadRaw(-1));
        Messages.Refused([1, 2], (ref reader) => reader.ReadRaw(long.MaxValue));
        Assert.Equal([1, 2], Messages.Read([1, 2], (ref reader) => reader.ReadRaw(2)).ToArray());
    }

    [Fact]
    public void EveryReadRefusesEveryFormOfAnotherFamilyAndNamesIt()
    {
        for (var code = 0; code <= 255; code++)
        {
            var message = new byte[32];
            message[0] = (byte)code;
            var type = MessagePackCode.ToMessagePackType((byte)code);
            foreach (var (family, read) in TypedReads.All)
            {
                if (!family.Contains(type))
                {
                    var error = Messages.Refused(message, read);
                    Assert.Contains($"0x{code:x2}", error.Message, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void EveryReadRefusesTheEndOfTheMessage()
    {
        foreach (var (_, read) in TypedReads.All)
        {
            Messages.Refused([], read);
            Assert.Throws<ProtocolException>(() =>
            {
                var reader = default(MessagePackReader);
                read(ref reader);
            });
        }
    }

    [Fact]
    public void TheNeverUsedByteIsNoValue()
    {
        Assert.Equal(
            MessagePackType.Unknown,
            Messages.Read(
                [0xc1],
                (ref reader) =>
                {
                    var type = reader.NextMessagePackType;
                    reader.ReadRaw(1);
                    return type;
                }
            )
        );
        Messages.Refused([0xc1], (ref reader) => reader.ReadRaw());
        Messages.Refused([0x92, 0x00, 0xc1], (ref reader) => reader.ReadRaw());
    }

    [Fact]
    public void WhatIsNotThereIsNotConsumed()
    {
        var reader = new MessagePackReader(new byte[] { 0x01, 0x02 });
        Assert.False(reader.TryReadNil());
        Assert.False(reader.TryReadArrayHeader(out _));
        Assert.False(reader.TryReadRaw([0x02]));
        Assert.Equal(0, reader.Consumed);
        Assert.Equal(2, reader.Remaining);
        Assert.Equal(1, reader.ReadByte());
        Assert.Equal(1, reader.Consumed);
        Assert.False(reader.End);
        Assert.Equal(2, reader.ReadByte());
        Assert.True(reader.End);
    }

    [Fact]
    public void AnIntegerThatDoesNotFitIsNamedByItsFirstByte()
    {
        var error = Messages.Refused(
            [0x92, 0x00, 0xcd, 0x01, 0x00],
            (ref reader) =>
            {
                reader.ReadArrayHeader();
                reader.ReadByte();
                return reader.ReadByte();
            }
        );
        Assert.Contains("at byte 2 ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Byte", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ValuesNestedDeeperThanTheLimitAreRefused()
    {
        var message = new byte[MessagePackReader.DefaultMaximumDepth + 1];
        Array.Fill(message, (byte)0x91);
        message[^1] = 0x00;
        Messages.Refused(message, Value.ReadFrom);
        Assert.IsType<Value.List>(Messages.Read(message[1..], Value.ReadFrom));
    }

    private static void RefusedCheaply<T>(string hex, Messages.Reading<T> read)
    {
        var message = Messages.FromHex(hex);
        Messages.Refused(message, read);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Messages.Refused(message, read);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32 * 1024);
    }
}
