using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>A one-dimensional array.</summary>
internal sealed class ArrayFormatter<T>(ValueFormatter<T> items) : ReferenceFormatter<T[]>
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session) =>
        Items.Write<T>(ref writer, (T[])value, items, session);

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        // An empty one is new too: two empty arrays were two before.
        var array = new T[Items.ReadCount<T>(ref reader, session)];
        session.Set(slot, array);
        Items.ReadInto(ref reader, array, items, session);
        return array;
    }
}
