using System.Buffers;
using System.Buffers.Binary;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>Values of a fixed size as binary data, in the forms of the package's native resolvers where it has one.</summary>
internal static class BytesCodec
{
    private const int Size16 = 16;

    public static void Write(ref MessagePackWriter writer, Guid value)
    {
        Span<byte> bytes = stackalloc byte[Size16];
        value.TryWriteBytes(bytes);
        writer.Write(bytes);
    }

    public static Guid ReadGuid(ref MessagePackReader reader)
    {
        Span<byte> bytes = stackalloc byte[Size16];
        Read16(ref reader, bytes);
        return new(bytes);
    }

    /// <summary>Flags, high, low and middle part, as they are in memory on little-endian machines.</summary>
    public static void Write(ref MessagePackWriter writer, decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        Span<byte> bytes = stackalloc byte[Size16];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, parts[3]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], parts[2]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], parts[0]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], parts[1]);
        writer.Write(bytes);
    }

    public static decimal ReadDecimal(ref MessagePackReader reader)
    {
        Span<byte> bytes = stackalloc byte[Size16];
        Read16(ref reader, bytes);
        try
        {
            return new([
                BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
                BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
                BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
                BinaryPrimitives.ReadInt32LittleEndian(bytes),
            ]);
        }
        catch (ArgumentException e)
        {
            throw new ProtocolException("The message holds a decimal that cannot be.", e);
        }
    }

    public static void Write(ref MessagePackWriter writer, Int128 value)
    {
        Span<byte> bytes = stackalloc byte[Size16];
        BinaryPrimitives.WriteInt128BigEndian(bytes, value);
        writer.Write(bytes);
    }

    public static UInt128 ReadUInt128(ref MessagePackReader reader)
    {
        Span<byte> bytes = stackalloc byte[Size16];
        Read16(ref reader, bytes);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static ulong ReadUInt64(ref MessagePackReader reader, uint size)
    {
        Span<byte> bytes = stackalloc byte[8];
        if (size != 8)
        {
            throw new ProtocolException($"Expected 8 bytes, found {size}.");
        }

        reader.ReadRaw(8).CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    public static ReadOnlySequence<byte> Read(ref MessagePackReader reader) =>
        reader.ReadBytes() ?? throw new ProtocolException($"Expected binary data at byte {reader.Consumed}, found nil.");

    public static void ExpectItems(ref MessagePackReader reader, int expected)
    {
        var count = reader.ReadArrayHeader();
        if (count != expected)
        {
            throw new ProtocolException($"Expected an array of {expected} at byte {reader.Consumed}, found one of {count}.");
        }
    }

    private static void Read16(ref MessagePackReader reader, scoped Span<byte> target)
    {
        var bytes = Read(ref reader);
        if (bytes.Length != Size16)
        {
            throw new ProtocolException($"Expected {Size16} bytes of binary data, found {bytes.Length}.");
        }

        bytes.CopyTo(target);
    }
}
