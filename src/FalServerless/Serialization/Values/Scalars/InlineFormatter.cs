using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

internal delegate void WriteValue<in T>(ref MessagePackWriter writer, T value);

internal delegate T ReadValue<out T>(ref MessagePackReader reader);

/// <summary>A value type that holds no other values: two functions say it all.</summary>
internal sealed class InlineFormatter<T>(WriteValue<T> write, ReadValue<T> read) : ValueFormatter<T>
    where T : struct
{
    public override void Write(ref MessagePackWriter writer, T value, WriteSession session) => write(ref writer, value);

    public override T Read(ref MessagePackReader reader, ReadSession session) => read(ref reader);
}

/// <summary>An immutable class whose objects need no identity (a string, a Uri): nil or the value.</summary>
internal sealed class InlineClassFormatter<T>(WriteValue<T> write, ReadValue<T> read) : ValueFormatter<T?>
    where T : class
{
    public override void Write(ref MessagePackWriter writer, T? value, WriteSession session)
    {
        if (value is null)
        {
            writer.WriteNil();
        }
        else
        {
            WriteBody(ref writer, value, session);
        }
    }

    public override T? Read(ref MessagePackReader reader, ReadSession session) => reader.TryReadNil() ? null : read(ref reader);

    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        if (value.GetType() != typeof(T))
        {
            throw new NotSendableException(
                value.GetType(),
                $"it is derived from '{typeof(T)}', of which only the type itself is supported",
                $"Pass a '{typeof(T)}'"
            );
        }

        write(ref writer, (T)value);
    }
}
