using FalServerless.Serialization.MessagePack;

namespace FalServerless.Serialization.Values;

/// <summary>An object of the class object itself, as code makes to lock on it: it holds nothing, and arrives as a new one.</summary>
internal sealed class GateFormatter : ReferenceFormatter<object>, IFreshFormatter
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session) => writer.WriteNil();

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        reader.ReadNil();
        return new();
    }
}
