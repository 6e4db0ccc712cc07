using System.Collections;
using System.Runtime.InteropServices;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>A group of GroupBy: <c>[key, items]</c>.</summary>
internal sealed class GroupingFormatter<TKey, T>(ValueFormatter<TKey> keys, ValueFormatter<T> items)
    : ReferenceFormatter<IGrouping<TKey, T>>,
        ILazySequenceFormatter
{
    public bool GivesList => false;

    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        var group = (IGrouping<TKey, T>)value;
        session.Begin(value);
        writer.WriteArrayHeader(2);
        keys.Write(ref writer, group.Key, session);
        Items.Write<T>(ref writer, CollectionsMarshal.AsSpan(session.Run(group)), items, session);
        session.Finish();
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        BytesCodec.ExpectItems(ref reader, 2);
        var key = keys.Read(ref reader, session);
        return new Group(key, Items.Read(ref reader, items, session));
    }

    private sealed class Group(TKey key, T[] items) : IGrouping<TKey, T>
    {
        public TKey Key => key;

        public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => items.GetEnumerator();
    }
}
