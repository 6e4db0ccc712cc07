using System.Buffers;
using FalServerless.Serialization.MessagePack;

namespace FalServerless.Serialization.Values;

/// <summary>Bytes as binary data.</summary>
internal sealed class ByteArrayFormatter : ReferenceFormatter<byte[]>
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session) => writer.Write((byte[])value);

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot) => BytesCodec.Read(ref reader).ToArray();
}
