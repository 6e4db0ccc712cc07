using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using FalServerless.Serialization.Cultures;

namespace FalServerless.Serialization.Values;

/// <summary>The formatters of all types that hold no other values. They know nothing of a serializer, so one table serves all.</summary>
internal static class ScalarFormatters
{
    private static readonly Dictionary<Type, ValueFormatter> ByType = new ValueFormatter[]
    {
        new InlineFormatter<bool>((ref w, v) => w.Write(v), (ref r) => r.ReadBoolean()),
        new InlineFormatter<char>((ref w, v) => w.Write(v), (ref r) => r.ReadChar()),
        new InlineFormatter<sbyte>((ref w, v) => w.Write(v), (ref r) => r.ReadSByte()),
        new InlineFormatter<byte>((ref w, v) => w.Write(v), (ref r) => r.ReadByte()),
        new InlineFormatter<short>((ref w, v) => w.Write(v), (ref r) => r.ReadInt16()),
        new InlineFormatter<ushort>((ref w, v) => w.Write(v), (ref r) => r.ReadUInt16()),
        new InlineFormatter<int>((ref w, v) => w.Write(v), (ref r) => r.ReadInt32()),
        new InlineFormatter<uint>((ref w, v) => w.Write(v), (ref r) => r.ReadUInt32()),
        new InlineFormatter<long>((ref w, v) => w.Write(v), (ref r) => r.ReadInt64()),
        new InlineFormatter<ulong>((ref w, v) => w.Write(v), (ref r) => r.ReadUInt64()),
        new InlineFormatter<float>((ref w, v) => w.Write(v), (ref r) => r.ReadSingle()),
        new InlineFormatter<double>((ref w, v) => w.Write(v), (ref r) => r.ReadDouble()),
        new InlineFormatter<Half>(NumberCodec.Write, NumberCodec.ReadHalf),
        new InlineFormatter<decimal>(BytesCodec.Write, BytesCodec.ReadDecimal),
        new InlineFormatter<Int128>(NumberCodec.Write, NumberCodec.ReadInt128),
        new InlineFormatter<UInt128>(NumberCodec.Write, NumberCodec.ReadUInt128),
        new InlineFormatter<BigInteger>(NumberCodec.Write, NumberCodec.ReadBigInteger),
        new InlineFormatter<Complex>(NumberCodec.Write, NumberCodec.ReadComplex),
        new InlineFormatter<Rune>((ref w, v) => w.Write(v.Value), NumberCodec.ReadRune),
        new InlineFormatter<Index>(NumberCodec.Write, NumberCodec.ReadIndex),
        new InlineFormatter<Range>(NumberCodec.Write, NumberCodec.ReadRange),
        new InlineFormatter<DateTime>(TimeCodec.Write, TimeCodec.Read),
        new InlineFormatter<DateTimeOffset>(TimeCodec.Write, TimeCodec.ReadOffset),
        new InlineFormatter<TimeSpan>((ref w, v) => w.Write(v.Ticks), (ref r) => new(r.ReadInt64())),
        new InlineFormatter<DateOnly>((ref w, v) => w.Write(v.DayNumber), TimeCodec.ReadDate),
        new InlineFormatter<TimeOnly>((ref w, v) => w.Write(v.Ticks), TimeCodec.ReadTime),
        new InlineFormatter<Guid>(BytesCodec.Write, BytesCodec.ReadGuid),
        new InlineFormatter<ReadOnlySequence<byte>>((ref w, v) => w.Write(v), (ref r) => new(BytesCodec.Read(ref r).ToArray())),
        new InlineClassFormatter<string>((ref w, v) => StringCodec.Write(ref w, v), StringCodec.Read),
        new InlineClassFormatter<Uri>(NameCodec.Write, NameCodec.ReadUri),
        new InlineClassFormatter<Version>((ref w, v) => w.Write(v.ToString()), NameCodec.ReadVersion),
        new InlineClassFormatter<CultureInfo>(CultureCodec.Write, CultureCodec.Read),
        new TypeFormatter(),
    }.ToDictionary(formatter => formatter.Type);

    public static ValueFormatter? Find(Type type) => ByType.GetValueOrDefault(type);
}
