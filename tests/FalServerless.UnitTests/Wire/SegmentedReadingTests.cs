using System.Buffers;
using CsCheck;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Wire;
using FalServerless.Wire;

namespace FalServerless.UnitTests.Wire;

public class SegmentedReadingTests
{
    private static readonly Value Everything = new Value.List([
        new Value.Nil(),
        new Value.Boolean(true),
        new Value.Boolean(false),
        .. ((Int128[])[0, 127, 128, 256, 65536, 1L << 32, ulong.MaxValue, -1, -33, -129, -32769, long.MinValue]).Select(
            of => new Value.Integer(of)
        ),
        new Value.Single(1.5f),
        new Value.Double(Math.PI),
        new Value.Text(""),
        new Value.Text("é😀 aé😀"),
        new Value.Text(new string('é', 20)),
        new Value.Text(new string('x', 300)),
        new Value.Binary([]),
        new Value.Binary([1, 2, 3]),
        new Value.Binary(new byte[300]),
        new Value.Map([(new Value.Text("k"), new Value.List([new Value.Integer(1)]))]),
        new Value.Extension(5, []),
        new Value.Extension(-128, [1]),
        new Value.Extension(127, new byte[16]),
        new Value.Extension(1, new byte[300]),
        new Value.Timestamp(1, 0),
        new Value.Timestamp(1, 1),
        new Value.Timestamp(-1, 1),
    ]);

    [Fact]
    public void EveryFamilyIsReadAcrossEveryCut()
    {
        var message = Everything.Written();
        var expected = Everything.ToString();
        for (var at = 0; at <= message.Length; at++)
        {
            Assert.Equal(expected, Messages.Read(Messages.Cut(message, at), Value.ReadFrom).ToString());
            Assert.Equal(message, Messages.Read(Messages.Cut(message, at), (ref reader) => reader.ReadRaw()).ToArray());
        }

        Assert.Equal(expected, Messages.Read(Messages.CutEverywhere(message), Value.ReadFrom).ToString());
    }

    [Fact]
    public void EmptySegmentsChangeNothing()
    {
        var message = Everything.Written();
        for (var at = 0; at <= message.Length; at++)
        {
            var cut = Messages.Cut(message, 0, 0, at, at, at, message.Length, message.Length);
            Assert.Equal(Everything.ToString(), Messages.Read(cut, Value.ReadFrom).ToString());
        }
    }

    [Fact]
    public void RandomValuesAreReadAcrossRandomCuts() =>
        RandomValues
            .Any.SelectMany(value => Gen.Int[0, value.Written().Length].Array[1, 5].Select(places => (Value: value, Places: places)))
            .Sample(
                2_000,
                cut =>
                {
                    var pieces = Messages.Cut(cut.Value.Written(), cut.Places.Order().ToArray());
                    Assert.Equal(cut.Value.ToString(), Messages.Read(pieces, Value.ReadFrom).ToString());
                },
                cut => $"{cut.Value}, cut at {string.Join(", ", cut.Places.Order())}"
            );

    [Fact]
    public void BytesThatAreExpectedAreReadOverAcrossEveryCutAndOthersAreNot()
    {
        byte[] message = [0x01, .. Messages.Written((ref writer) => writer.Write("hello"))];
        for (var at = 0; at <= message.Length; at++)
        {
            var reader = new MessagePackReader(Messages.Cut(message, at));
            reader.ReadByte();
            Assert.False(reader.TryReadRaw("\u0005hellO"u8));
            Assert.False(reader.TryReadRaw([.. message[1..], 0]));
            Assert.Equal(1, reader.Consumed);
            Assert.True(reader.IsNext(message.AsSpan(1)));
            Assert.True(reader.TryReadRaw(message.AsSpan(1)));
            Assert.True(reader.End);
            Assert.False(reader.IsNext(message));
        }
    }

    [Fact]
    public void ExpectedBytesThatAreMoreThanOneStringAreReadOverWhole()
    {
        byte[] message = [.. Messages.Written((ref writer) => writer.Write("name")), 0x05, 0x06];
        for (var at = 0; at <= message.Length; at++)
        {
            var reader = new MessagePackReader(Messages.Cut(message, at));
            Assert.True(reader.TryReadRaw(message.AsSpan(..^1)));
            Assert.Equal(message.Length - 1, reader.Consumed);
        }

        var whole = new MessagePackReader(message);
        Assert.True(whole.TryReadRaw(message.AsSpan(..^1)));
        Assert.Equal(6, whole.ReadInt32());
    }

    [Fact]
    public void APrefixIsRefusedInSegmentsToo()
    {
        var message = Everything.Written();
        for (var length = 0; length < message.Length; length++)
        {
            var prefix = message[..length];
            Assert.Throws<ProtocolException>(() => Messages.Read(Messages.Cut(prefix, length / 2), Value.ReadFrom));
            Assert.Throws<ProtocolException>(() =>
                Messages.Read(Messages.Cut(prefix, Math.Max(length - 1, 0), length), (ref reader) => reader.ReadRaw())
            );
        }
    }
}
