using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Wire;
using FalServerless.Wire;

namespace FalServerless.UnitTests.Wire;

public class MessagePackWriterTests
{
    [Theory]
    [InlineData(0, "00")]
    [InlineData(1, "01")]
    [InlineData(127, "7f")]
    [InlineData(128, "cc80")]
    [InlineData(255, "ccff")]
    [InlineData(256, "cd0100")]
    [InlineData(65535, "cdffff")]
    [InlineData(65536, "ce00010000")]
    [InlineData(4294967295, "ceffffffff")]
    [InlineData(4294967296, "cf0000000100000000")]
    [InlineData(long.MaxValue, "cf7fffffffffffffff")]
    [InlineData(-1, "ff")]
    [InlineData(-32, "e0")]
    [InlineData(-33, "d0df")]
    [InlineData(-128, "d080")]
    [InlineData(-129, "d1ff7f")]
    [InlineData(-32768, "d18000")]
    [InlineData(-32769, "d2ffff7fff")]
    [InlineData(-2147483648, "d280000000")]
    [InlineData(-2147483649, "d3ffffffff7fffffff")]
    [InlineData(long.MinValue, "d38000000000000000")]
    public void AnIntegerTakesItsShortestForm(long value, string expected)
    {
        Assert.Equal(expected, Messages.WrittenHex((ref writer) => writer.Write(value)));
    }

    [Theory]
    [InlineData(127UL, "7f")]
    [InlineData(128UL, "cc80")]
    [InlineData(9223372036854775808UL, "cf8000000000000000")]
    [InlineData(ulong.MaxValue, "cfffffffffffffffff")]
    public void AnUnsignedIntegerTakesItsShortestForm(ulong value, string expected)
    {
        Assert.Equal(expected, Messages.WrittenHex((ref writer) => writer.Write(value)));
    }

    [Fact]
    public void TheTypeOfAnIntegerDoesNotChangeItsForm()
    {
        Assert.Equal("7f", Messages.WrittenHex((ref writer) => writer.Write(sbyte.MaxValue)));
        Assert.Equal("d080", Messages.WrittenHex((ref writer) => writer.Write(sbyte.MinValue)));
        Assert.Equal("ccff", Messages.WrittenHex((ref writer) => writer.Write(byte.MaxValue)));
        Assert.Equal("cd7fff", Messages.WrittenHex((ref writer) => writer.Write(short.MaxValue)));
        Assert.Equal("ff", Messages.WrittenHex((ref writer) => writer.Write((short)-1)));
        Assert.Equal("cdffff", Messages.WrittenHex((ref writer) => writer.Write(ushort.MaxValue)));
        Assert.Equal("cdffff", Messages.WrittenHex((ref writer) => writer.Write(char.MaxValue)));
        Assert.Equal("ce7fffffff", Messages.WrittenHex((ref writer) => writer.Write(int.MaxValue)));
        Assert.Equal("ff", Messages.WrittenHex((ref writer) => writer.Write(-1)));
        Assert.Equal("ceffffffff", Messages.WrittenHex((ref writer) => writer.Write(uint.MaxValue)));
        Assert.Equal("05", Messages.WrittenHex((ref writer) => writer.Write(5U)));
    }

    [Fact]
    public void NilBooleansAndFloatsHaveOneFormEach()
    {
        Assert.Equal("c0", Messages.WrittenHex((ref writer) => writer.WriteNil()));
        Assert.Equal("c0", Messages.WrittenHex((ref writer) => writer.Write((string?)null)));
        Assert.Equal("c0", Messages.WrittenHex((ref writer) => writer.Write((byte[]?)null)));
        Assert.Equal("c2", Messages.WrittenHex((ref writer) => writer.Write(false)));
        Assert.Equal("c3", Messages.WrittenHex((ref writer) => writer.Write(true)));
        Assert.Equal("ca3fc00000", Messages.WrittenHex((ref writer) => writer.Write(1.5f)));
        Assert.Equal("ca80000000", Messages.WrittenHex((ref writer) => writer.Write(-0f)));
        Assert.Equal("cb3ff8000000000000", Messages.WrittenHex((ref writer) => writer.Write(1.5)));
        Assert.Equal("cbfff0000000000000", Messages.WrittenHex((ref writer) => writer.Write(double.NegativeInfinity)));
    }

    [Theory]
    [InlineData(0, "a0")]
    [InlineData(31, "bf")]
    [InlineData(32, "d920")]
    [InlineData(255, "d9ff")]
    [InlineData(256, "da0100")]
    [InlineData(65535, "daffff")]
    [InlineData(65536, "db00010000")]
    public void AStringTakesTheShortestHeaderForItsBytes(int length, string header)
    {
        var text = new string('a', length);
        var expected = header + string.Concat(Enumerable.Repeat("61", length));
        Assert.Equal(expected, Messages.WrittenHex((ref writer) => writer.Write(text)));
    }

    [Fact]
    public void AStringsHeaderCountsBytesAndNotCharacters()
    {
        Assert.Equal(
            "d920" + string.Concat(Enumerable.Repeat("c3a9", 16)),
            Messages.WrittenHex((ref writer) => writer.Write(new string('é', 16)))
        );
        Assert.Equal("a4f09f9880", Messages.WrittenHex((ref writer) => writer.Write("😀")));
    }

    [Fact]
    public void ALoneSurrogateBecomesTheReplacementCharacter()
    {
        Assert.Equal("a561efbfbd62", Messages.WrittenHex((ref writer) => writer.Write("a\ud83db")));
    }

    [Theory]
    [InlineData(0, "c400")]
    [InlineData(255, "c4ff")]
    [InlineData(256, "c50100")]
    [InlineData(65535, "c5ffff")]
    [InlineData(65536, "c600010000")]
    public void BinaryDataTakeTheShortestHeader(int length, string header)
    {
        var data = new byte[length];
        var expected = header + new string('0', 2 * length);
        Assert.Equal(expected, Messages.WrittenHex((ref writer) => writer.Write(data)));
        Assert.Equal(expected, Messages.WrittenHex((ref writer) => writer.Write(Messages.Cut(data, length / 2))));
    }

    [Theory]
    [InlineData(0, "90", "80")]
    [InlineData(15, "9f", "8f")]
    [InlineData(16, "dc0010", "de0010")]
    [InlineData(65535, "dcffff", "deffff")]
    [InlineData(65536, "dd00010000", "df00010000")]
    [InlineData(int.MaxValue, "dd7fffffff", "df7fffffff")]
    public void AnArrayAndAMapTakeTheShortestHeader(int count, string array, string map)
    {
        Assert.Equal(array, Messages.WrittenHex((ref writer) => writer.WriteArrayHeader(count)));
        Assert.Equal(map, Messages.WrittenHex((ref writer) => writer.WriteMapHeader(count)));
    }

    [Theory]
    [InlineData(0, "c70005")]
    [InlineData(1, "d405")]
    [InlineData(2, "d505")]
    [InlineData(3, "c70305")]
    [InlineData(4, "d605")]
    [InlineData(5, "c70505")]
    [InlineData(7, "c70705")]
    [InlineData(8, "d705")]
    [InlineData(9, "c70905")]
    [InlineData(15, "c70f05")]
    [InlineData(16, "d805")]
    [InlineData(17, "c71105")]
    [InlineData(255, "c7ff05")]
    [InlineData(256, "c8010005")]
    [InlineData(65535, "c8ffff05")]
    [InlineData(65536, "c90001000005")]
    public void AnExtensionTakesTheShortestHeader(int length, string header)
    {
        Assert.Equal(header, Messages.WrittenHex((ref writer) => writer.WriteExtensionFormatHeader(new(5, length))));
    }

    [Theory]
    [InlineData(sbyte.MinValue, "d480")]
    [InlineData(-2, "d4fe")]
    [InlineData(sbyte.MaxValue, "d47f")]
    public void AnExtensionsTypeIsSigned(sbyte typeCode, string expected)
    {
        Assert.Equal(expected, Messages.WrittenHex((ref writer) => writer.WriteExtensionFormatHeader(new(typeCode, 1))));
    }

    [Fact]
    public void ANegativeCountIsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Messages.Written((ref writer) => writer.WriteBinHeader(-1)));
        Assert.Throws<OverflowException>(() => Messages.Written((ref writer) => writer.WriteArrayHeader(-1)));
        Assert.Throws<OverflowException>(() => Messages.Written((ref writer) => writer.WriteMapHeader(-1)));
    }

    [Fact]
    public void NothingIsVisibleBeforeTheFlush()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.Write(42);
        Assert.Equal(0, output.WrittenCount);
        writer.Flush();
        Assert.Equal(1, output.WrittenCount);
        writer.Flush();
        Assert.Equal(1, output.WrittenCount);
    }

    [Fact]
    public void ABufferThatGivesNoByteMoreThanAskedIsEnoughAndEveryByteIsCounted() =>
        RandomValues.Any.Sample(
            500,
            value =>
            {
                var output = new Stingy();
                var writer = new MessagePackWriter(new CountedOutput(output));
                value.WriteTo(ref writer);
                Assert.Equal(value.Written().Length, writer.Written);
                writer.Flush();
                Assert.Equal(value.Written(), output.Bytes);
                Assert.Equal(output.Bytes.Count, writer.Written);
            }
        );

    [Fact]
    public void AnOutputIsAskedForNoMoreRoomThanTheContentTakes()
    {
        const int Length = 100_000;
        Fits((ref writer) => writer.Write(new string('a', Length)), Length + 5);
        Fits((ref writer) => writer.Write(new byte[Length]), Length + 5);
        Fits((ref writer) => writer.Write(Messages.Cut(new byte[Length], Length / 2)), Length + 5);

        // The data may come by another way.
        Fits((ref writer) => writer.WriteBinHeader(int.MaxValue), 5);

        static void Fits(Messages.Writing write, int length)
        {
            var output = new SegmentedBuffer(limit: length);
            var writer = new MessagePackWriter(output);
            write(ref writer);
            writer.Flush();
            Assert.Equal(length, output.Length);
        }
    }

    [Fact]
    public void AWriterThatDoesNotCountSaysSo() =>
        Assert.Throws<InvalidOperationException>(() => Messages.Written((ref writer) => Assert.Equal(0, writer.Written)));

    private sealed class Stingy : IBufferWriter<byte>
    {
        private byte[] _offered = [];

        public List<byte> Bytes { get; } = [];

        public void Advance(int count)
        {
            Bytes.AddRange(_offered.AsSpan(0, count));
            _offered = [];
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => _offered = new byte[Math.Max(sizeHint, 1)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
