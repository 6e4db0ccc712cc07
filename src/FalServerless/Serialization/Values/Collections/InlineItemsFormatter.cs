using System.Buffers;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// A struct that views or wraps an array. The default one, which wraps none, is <c>false</c>: nil already means a null of Nullable.
/// </summary>
internal sealed class InlineItemsFormatter<TView, T>(ValueFormatter<T> items, Func<TView, T[]?> snapshot, Func<T[], TView> build)
    : ValueFormatter<TView>
    where TView : struct
{
    public override void Write(ref MessagePackWriter writer, TView value, WriteSession session)
    {
        if (snapshot(value) is not { } array)
        {
            writer.Write(false);
        }
        else if (array is byte[] bytes)
        {
            writer.Write(bytes);
        }
        else
        {
            session.Enter(value);
            Items.Write<T>(ref writer, array, items, session);
            session.Leave();
        }
    }

    public override TView Read(ref MessagePackReader reader, ReadSession session)
    {
        if (reader.NextMessagePackType == MessagePackType.Boolean)
        {
            return reader.ReadBoolean() ? throw new ProtocolException($"Expected items at byte {reader.Consumed}, found true.") : default;
        }

        if (typeof(T) == typeof(byte))
        {
            return build((T[])(object)BytesCodec.Read(ref reader).ToArray());
        }

        session.Enter(ref reader);
        var array = Items.Read(ref reader, items, session);
        session.Leave(ref reader);
        return build(array);
    }
}
