using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>Nil or the value; no value type writes nil for itself.</summary>
internal sealed class NullableFormatter<T>(ValueFormatter<T> values) : ValueFormatter<T?>
    where T : struct
{
    public override void Write(ref MessagePackWriter writer, T? value, WriteSession session)
    {
        if (value is { } known)
        {
            values.Write(ref writer, known, session);
        }
        else
        {
            writer.WriteNil();
        }
    }

    public override T? Read(ref MessagePackReader reader, ReadSession session) =>
        reader.TryReadNil() ? null : values.Read(ref reader, session);
}
