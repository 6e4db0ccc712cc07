using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>A slot of a collection interface: the usual implementation (a list for IEnumerable) needs no type name, others do.</summary>
internal sealed class InterfaceFormatter<T>(ValueFormatter usual) : ReferenceFormatter<T>(usual.Type)
    where T : class
{
    public override bool CanBeNamed => false;

    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session) =>
        usual.WriteBody(ref writer, value, session);

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot) =>
        usual.ReadBody(ref reader, session, slot);
}
