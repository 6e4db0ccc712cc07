using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// An object of the class object itself, as code makes to lock on it: it holds nothing, and arrives as a new one; nil. One that a static
/// readonly field holds is named by the field where what leads to it shows which: <c>[ext 6, declaring type, field name, nil]</c>.
/// </summary>
internal sealed class GateFormatter : ReferenceFormatter<object>, IFreshFormatter
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        if (session.FieldOfGate(value) is { } field)
        {
            writer.WriteRaw(Markers.Instance);
            session.WriteType(ref writer, field.DeclaringType!);
            StringCodec.Write(ref writer, field.Name);
        }

        writer.WriteNil();
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        object gate = reader.TryReadRaw(Markers.Instance)
            ? session.Gate(session.Types.Read(ref reader), StringCodec.Read(ref reader))
            : new();
        reader.ReadNil();
        return gate;
    }
}
