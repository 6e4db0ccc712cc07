using System.Runtime.InteropServices;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>Formatters that run a lazy sequence in order to write it.</summary>
internal interface ILazySequenceFormatter
{
    /// <summary>Whether the items alone arrive, as a list: enough for a slot that promises a sequence.</summary>
    bool GivesList { get; }
}

/// <summary>
/// A LINQ interface: whatever implements it is run and named by the interface, and built from its items at the other side.
/// </summary>
internal sealed class LinqFormatter<TSequence, T>(ValueFormatter<T> items, Func<T[], TSequence> build)
    : ReferenceFormatter<TSequence>,
        ILazySequenceFormatter
    where TSequence : class, IEnumerable<T>
{
    public bool GivesList => false;

    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        session.Begin(value);
        Items.Write<T>(ref writer, CollectionsMarshal.AsSpan(session.Run((TSequence)value)), items, session);
        session.Finish();
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot) =>
        build(Items.Read(ref reader, items, session));
}

/// <summary>A lazy sequence: it is run, and arrives as a list.</summary>
internal sealed class SequenceFormatter<T>(ListFormatter<T> lists) : ReferenceFormatter<IEnumerable<T>>(lists.Type), ILazySequenceFormatter
{
    public bool GivesList => true;

    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        session.Begin(value);
        lists.WriteBody(ref writer, session.Run((IEnumerable<T>)value), session);
        session.Finish();
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot) =>
        lists.ReadBody(ref reader, session, slot);
}
