using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>A collection that is built from its items, all at once: none of them can refer to it.</summary>
internal sealed class BuiltFormatter<TCollection, T>(ValueFormatter<T> items, Func<TCollection, T[]> snapshot, Func<T[], TCollection> build)
    : ReferenceFormatter<TCollection>
    where TCollection : class
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        session.Begin(value);
        Items.Write<T>(ref writer, snapshot((TCollection)value), items, session);
        session.Finish();
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot) =>
        build(Items.Read(ref reader, items, session));
}
