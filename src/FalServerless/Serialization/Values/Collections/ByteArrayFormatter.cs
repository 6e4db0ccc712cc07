using System.Buffers;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>Bytes as binary data.</summary>
internal sealed class ByteArrayFormatter : ReferenceFormatter<byte[]>
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session) => writer.Write((byte[])value);

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        var bytes = BytesCodec.Read(ref reader);
        var array = new byte[bytes.Length];
        bytes.CopyTo(array);
        return array;
    }
}
