using System.Buffers;
using System.Reflection;
using System.Runtime.CompilerServices;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>One field of an object: by reflection at first, by its offset once that is known. Neither runs code of the object.</summary>
internal abstract class Member(FieldInfo info, string name)
{
    public FieldInfo Field => info;

    public string Name => name;

    /// <summary>The name as it is on the wire, header included.</summary>
    public byte[] Key { get; } = Encode(name);

    /// <summary>Bytes from the first field of the object; -1 until known.</summary>
    public int Offset { get; set; } = -1;

    public abstract void Write(ref MessagePackWriter writer, ref byte fields, WriteSession session);

    public abstract void Read(ref MessagePackReader reader, ref byte fields, ReadSession session);

    public abstract void WriteByReflection(ref MessagePackWriter writer, object owner, WriteSession session);

    public abstract void ReadByReflection(ref MessagePackReader reader, object owner, ReadSession session);

    private static byte[] Encode(string name)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        StringCodec.Write(ref writer, name);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}

/// <inheritdoc/>
internal sealed class FieldMember<T>(FieldInfo field, string name, ValueFormatter<T> values) : Member(field, name)
{
    public override void Write(ref MessagePackWriter writer, ref byte fields, WriteSession session) =>
        values.Write(ref writer, At(ref fields), session);

    public override void Read(ref MessagePackReader reader, ref byte fields, ReadSession session) =>
        At(ref fields) = values.Read(ref reader, session);

    public override void WriteByReflection(ref MessagePackWriter writer, object owner, WriteSession session) =>
        values.Write(ref writer, (T)Field.GetValue(owner)!, session);

    public override void ReadByReflection(ref MessagePackReader reader, object owner, ReadSession session) =>
        Field.SetValue(owner, values.Read(ref reader, session));

    private ref T At(ref byte fields) => ref Unsafe.As<byte, T>(ref Unsafe.AddByteOffset(ref fields, Offset));
}
