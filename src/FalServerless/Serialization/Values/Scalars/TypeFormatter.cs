using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>A type as a value.</summary>
internal sealed class TypeFormatter : ValueFormatter<Type?>
{
    public override void Write(ref MessagePackWriter writer, Type? value, WriteSession session)
    {
        if (value is null)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteRaw(Markers.Type);
        session.WriteType(ref writer, value);
    }

    public override Type? Read(ref MessagePackReader reader, ReadSession session)
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        if (!reader.TryReadRaw(Markers.Type))
        {
            throw new ProtocolException($"Expected a type at byte {reader.Consumed}, found {reader.NextMessagePackType}.");
        }

        return session.Types.Read(ref reader);
    }
}
