using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// A slot of type object, of an interface or of an abstract class: the value names its type, except that a string, a boolean, an int and
/// a double are written bare, since MessagePack tells them apart.
/// </summary>
internal sealed class PolymorphicFormatter<T>(FormatterResolver formatters) : ValueFormatter<T?>
    where T : class
{
    private readonly ValueFormatter<string?> _text = formatters.For<string?>();

    public override bool CanBeNamed => false;

    public override void Write(ref MessagePackWriter writer, T? value, WriteSession session)
    {
        switch (value)
        {
            case null:
                writer.WriteNil();
                break;
            case string text:
                _text.Write(ref writer, text, session);
                break;
            case bool boolean:
                writer.Write(boolean);
                break;
            case int number when value.GetType() == typeof(int):
                writer.Write(number);
                break;
            case double number:
                writer.Write(number);
                break;
            default:
                session.WriteOther(ref writer, value, typeof(T), expected: null);
                break;
        }
    }

    public override T? Read(ref MessagePackReader reader, ReadSession session)
    {
        object value;
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil:
                reader.ReadNil();
                return null;
            case MessagePackType.Boolean:
                value = reader.ReadBoolean();
                break;
            case MessagePackType.Integer:
                value = reader.ReadInt32();
                break;
            case MessagePackType.Float:
                value = reader.ReadDouble();
                break;
            case MessagePackType.String:
                value = _text.Read(ref reader, session)!;
                break;
            case MessagePackType.Extension:
                if (session.TryReadReference<T>(ref reader, out var earlier))
                {
                    return earlier;
                }

                value = _text.Read(ref reader, session)!;
                break;
            default:
                return session.IsTyped(ref reader)
                    ? session.ReadTyped<T>(ref reader)
                    : throw new ProtocolException(
                        $"A value in a slot of type '{typeof(T)}' does not say its own type, at byte {reader.Consumed}."
                    );
        }

        return value as T ?? throw new ProtocolException($"A value of type '{value.GetType()}' is in a slot of type '{typeof(T)}'.");
    }
}
