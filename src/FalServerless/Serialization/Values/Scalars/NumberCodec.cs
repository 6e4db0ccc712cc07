using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>Numbers for which MessagePack has no format of their own.</summary>
internal static class NumberCodec
{
    public static void Write(ref MessagePackWriter writer, Half value)
    {
        var bits = BitConverter.HalfToUInt16Bits(value);
        if (BitConverter.HalfToUInt16Bits((Half)(float)value) == bits)
        {
            writer.Write((float)value);
            return;
        }

        writer.WriteExtensionFormatHeader(new(ExtensionCodes.Half, 2));
        BinaryPrimitives.WriteUInt16BigEndian(writer.GetSpan(2), bits);
        writer.Advance(2);
    }

    public static Half ReadHalf(ref MessagePackReader reader)
    {
        if (reader.NextMessagePackType == MessagePackType.Float)
        {
            return (Half)reader.ReadSingle();
        }

        var extension = reader.ReadExtensionFormat();
        if (extension is not { TypeCode: ExtensionCodes.Half, Data.Length: 2 })
        {
            throw new ProtocolException($"Expected a Half, found an extension of type {extension.TypeCode}.");
        }

        Span<byte> bytes = stackalloc byte[2];
        extension.Data.CopyTo(bytes);
        return BitConverter.UInt16BitsToHalf(BinaryPrimitives.ReadUInt16BigEndian(bytes));
    }

    public static void Write(ref MessagePackWriter writer, Int128 value)
    {
        if (value >= long.MinValue && value <= long.MaxValue)
        {
            writer.Write((long)value);
        }
        else
        {
            BytesCodec.Write(ref writer, value);
        }
    }

    public static Int128 ReadInt128(ref MessagePackReader reader) =>
        reader.NextMessagePackType == MessagePackType.Integer ? reader.ReadInt64() : unchecked((Int128)BytesCodec.ReadUInt128(ref reader));

    public static void Write(ref MessagePackWriter writer, UInt128 value)
    {
        if (value <= ulong.MaxValue)
        {
            writer.Write((ulong)value);
        }
        else
        {
            BytesCodec.Write(ref writer, unchecked((Int128)value));
        }
    }

    public static UInt128 ReadUInt128(ref MessagePackReader reader) =>
        reader.NextMessagePackType == MessagePackType.Integer ? reader.ReadUInt64() : BytesCodec.ReadUInt128(ref reader);

    /// <summary>Two's complement, little-endian, as short as possible.</summary>
    public static void Write(ref MessagePackWriter writer, BigInteger value) => writer.Write(value.ToByteArray());

    public static BigInteger ReadBigInteger(ref MessagePackReader reader) => new(BytesCodec.Read(ref reader).ToArray());

    public static void Write(ref MessagePackWriter writer, Complex value)
    {
        writer.WriteArrayHeader(2);
        writer.Write(value.Real);
        writer.Write(value.Imaginary);
    }

    public static Complex ReadComplex(ref MessagePackReader reader)
    {
        BytesCodec.ExpectItems(ref reader, 2);
        var real = reader.ReadDouble();
        return new(real, reader.ReadDouble());
    }

    public static Rune ReadRune(ref MessagePackReader reader)
    {
        var value = reader.ReadInt32();
        return Rune.IsValid(value) ? new(value) : throw new ProtocolException($"{value} is no Unicode scalar value.");
    }

    /// <summary>From the start as it is; from the end as its complement.</summary>
    public static void Write(ref MessagePackWriter writer, Index value) => writer.Write(value.IsFromEnd ? ~value.Value : value.Value);

    public static Index ReadIndex(ref MessagePackReader reader)
    {
        var value = reader.ReadInt32();
        return value >= 0 ? new(value) : new(~value, fromEnd: true);
    }

    public static void Write(ref MessagePackWriter writer, Range value)
    {
        writer.WriteArrayHeader(2);
        Write(ref writer, value.Start);
        Write(ref writer, value.End);
    }

    public static Range ReadRange(ref MessagePackReader reader)
    {
        BytesCodec.ExpectItems(ref reader, 2);
        var start = ReadIndex(ref reader);
        return new(start, ReadIndex(ref reader));
    }
}
