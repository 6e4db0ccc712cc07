using System.Buffers;
using System.Collections;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>Bits as <c>[count, bytes]</c>, the lowest bit of each byte first.</summary>
internal sealed class BitArrayFormatter : ReferenceFormatter<BitArray>
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        var bits = (BitArray)value;
        var bytes = new byte[(bits.Length + 7) / 8];
        bits.CopyTo(bytes, 0);
        writer.WriteArrayHeader(2);
        writer.Write(bits.Length);
        writer.Write(bytes);
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        BytesCodec.ExpectItems(ref reader, 2);
        var count = reader.ReadInt32();
        var bytes = BytesCodec.Read(ref reader);
        return count >= 0 && bytes.Length == (count + 7L) / 8
            ? new BitArray(bytes.ToArray()) { Length = count }
            : throw new ProtocolException($"{bytes.Length} bytes do not hold {count} bits.");
    }
}
