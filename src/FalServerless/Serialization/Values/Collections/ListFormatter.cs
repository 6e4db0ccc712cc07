using System.Runtime.InteropServices;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>A List, the collection that most values have: written without a copy.</summary>
internal sealed class ListFormatter<T>(ValueFormatter<T> items) : ReferenceFormatter<List<T>>
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session) =>
        Items.Write<T>(ref writer, CollectionsMarshal.AsSpan((List<T>)value), items, session);

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        var count = Items.ReadCount<T>(ref reader, session);
        var list = new List<T>(count);
        session.Set(slot, list);
        for (var i = 0; i < count; i++)
        {
            list.Add(items.Read(ref reader, session));
        }

        return list;
    }
}
