using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>A collection that is made empty and filled: its items may refer to it.</summary>
internal sealed class FilledFormatter<TCollection, T>(
    ValueFormatter<T> items,
    Func<TCollection, T[]> snapshot,
    Func<TCollection> create,
    Action<TCollection, T> add
) : ReferenceFormatter<TCollection>
    where TCollection : class
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session) =>
        Items.Write<T>(ref writer, snapshot((TCollection)value), items, session);

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        var collection = create();
        session.Set(slot, collection);
        var count = Items.ReadCount<T>(ref reader, session);
        for (var i = 0; i < count; i++)
        {
            add(collection, items.Read(ref reader, session));
        }

        return collection;
    }
}
