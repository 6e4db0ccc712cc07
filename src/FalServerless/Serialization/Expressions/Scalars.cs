using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using FalServerless.Wire;

namespace FalServerless.Serialization.Expressions;

/// <summary>The value types that a literal may have, each as one MessagePack value that loses nothing.</summary>
internal static class Scalars
{
    private delegate void Writing<T>(ref MessagePackWriter writer, T value);

    private delegate T Reading<T>(ref MessagePackReader reader);

    private static readonly Dictionary<Type, IFormat> Formats = new IFormat[]
    {
        new Format<bool>((ref w, v) => w.Write(v), (ref r) => r.ReadBoolean()),
        new Format<char>((ref w, v) => w.Write(v), (ref r) => r.ReadChar()),
        new Format<sbyte>((ref w, v) => w.Write(v), (ref r) => r.ReadSByte()),
        new Format<byte>((ref w, v) => w.Write(v), (ref r) => r.ReadByte()),
        new Format<short>((ref w, v) => w.Write(v), (ref r) => r.ReadInt16()),
        new Format<ushort>((ref w, v) => w.Write(v), (ref r) => r.ReadUInt16()),
        new Format<int>((ref w, v) => w.Write(v), (ref r) => r.ReadInt32()),
        new Format<uint>((ref w, v) => w.Write(v), (ref r) => r.ReadUInt32()),
        new Format<long>((ref w, v) => w.Write(v), (ref r) => r.ReadInt64()),
        new Format<ulong>((ref w, v) => w.Write(v), (ref r) => r.ReadUInt64()),
        new Format<nint>((ref w, v) => w.Write((long)v), (ref r) => checked((nint)r.ReadInt64())),
        new Format<nuint>((ref w, v) => w.Write((ulong)v), (ref r) => checked((nuint)r.ReadUInt64())),
        new Format<float>((ref w, v) => w.Write(v), (ref r) => r.ReadSingle()),
        new Format<double>((ref w, v) => w.Write(v), (ref r) => r.ReadDouble()),
        new Format<Half>((ref w, v) => w.Write(BitConverter.HalfToUInt16Bits(v)), (ref r) => BitConverter.UInt16BitsToHalf(r.ReadUInt16())),
        new Format<decimal>(WriteDecimal, ReadDecimal),
        new Format<Int128>(WriteInt128, ReadInt128),
        new Format<UInt128>((ref w, v) => WriteInt128(ref w, (Int128)v), (ref r) => (UInt128)ReadInt128(ref r)),
        new Format<BigInteger>((ref w, v) => w.Write(v.ToByteArray()), (ref r) => new(Binary(ref r))),
        new Format<DateTime>(WriteDateTime, ReadDateTime),
        new Format<DateTimeOffset>(WriteDateTimeOffset, ReadDateTimeOffset),
        new Format<TimeSpan>((ref w, v) => w.Write(v.Ticks), (ref r) => new(r.ReadInt64())),
        new Format<DateOnly>((ref w, v) => w.Write(v.DayNumber), (ref r) => DateOnly.FromDayNumber(r.ReadInt32())),
        new Format<TimeOnly>((ref w, v) => w.Write(v.Ticks), (ref r) => new(r.ReadInt64())),
        new Format<Guid>((ref w, v) => w.Write(v.ToByteArray(bigEndian: true)), (ref r) => new(Binary(ref r, 16), bigEndian: true)),
    }.ToDictionary(format => format.Type);

    private interface IFormat
    {
        Type Type { get; }

        void Write(ref MessagePackWriter writer, object value);

        object Read(ref MessagePackReader reader);
    }

    public static bool Contains(Type type) => Formats.ContainsKey(type);

    public static void Write(ref MessagePackWriter writer, object value, Type type) => Formats[type].Write(ref writer, value);

    public static object Read(ref MessagePackReader reader, Type type) =>
        Formats.TryGetValue(type, out var format)
            ? format.Read(ref reader)
            : throw new ProtocolException($"A body holds no constants of the type '{type}'.");

    private static void WriteDecimal(ref MessagePackWriter writer, decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        writer.WriteArrayHeader(4);
        foreach (var part in bits)
        {
            writer.Write(part);
        }
    }

    private static decimal ReadDecimal(ref MessagePackReader reader)
    {
        ReadHeader(ref reader, 4);
        return new([reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32()]);
    }

    private static void WriteInt128(ref MessagePackWriter writer, Int128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt128BigEndian(bytes, value);
        writer.Write(bytes);
    }

    private static Int128 ReadInt128(ref MessagePackReader reader) => BinaryPrimitives.ReadInt128BigEndian(Binary(ref reader, 16));

    // The framework's own form: a local time is its moment, whatever the time zone of the worker.
    private static void WriteDateTime(ref MessagePackWriter writer, DateTime value) => writer.Write(value.ToBinary());

    private static DateTime ReadDateTime(ref MessagePackReader reader) => DateTime.FromBinary(reader.ReadInt64());

    private static void WriteDateTimeOffset(ref MessagePackWriter writer, DateTimeOffset value)
    {
        writer.WriteArrayHeader(2);
        writer.Write(value.Ticks);
        writer.Write(value.TotalOffsetMinutes);
    }

    private static DateTimeOffset ReadDateTimeOffset(ref MessagePackReader reader)
    {
        ReadHeader(ref reader, 2);
        return new(reader.ReadInt64(), TimeSpan.FromMinutes(reader.ReadInt32()));
    }

    private static void ReadHeader(ref MessagePackReader reader, int expected)
    {
        if (reader.ReadArrayHeader() != expected)
        {
            throw new ProtocolException($"This constant takes {expected} parts.");
        }
    }

    private static byte[] Binary(ref MessagePackReader reader, int? length = null)
    {
        var bytes = reader.ReadBytes() ?? throw new ProtocolException("A constant's bytes are missing.");
        return length is null || bytes.Length == length
            ? bytes.ToArray()
            : throw new ProtocolException($"This constant takes {length} bytes, not {bytes.Length}.");
    }

    private sealed class Format<T>(Writing<T> write, Reading<T> read) : IFormat
        where T : struct
    {
        public Type Type { get; } = typeof(T);

        public void Write(ref MessagePackWriter writer, object value) => write(ref writer, (T)value);

        public object Read(ref MessagePackReader reader) => read(ref reader);
    }
}
