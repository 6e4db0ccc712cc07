using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>A set: its items as an array, or <c>{comparer: items}</c> where the comparer is not the default one.</summary>
internal sealed class SetFormatter<TSet, T, TComparer>(ValueFormatter<T> items, SetAccess<TSet, T, TComparer> access)
    : ReferenceFormatter<TSet>
    where TSet : class
    where TComparer : class
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        var set = (TSet)value;
        var comparer = access.ComparerOf(set);
        session.Begin(value);
        if (!ComparerCodec.IsDefault<T>(comparer))
        {
            writer.WriteMapHeader(1);
            ComparerCodec.Write(ref writer, comparer, session);
        }

        if (access.Add is not null)
        {
            session.Finish();
        }

        Items.Write<T>(ref writer, access.Snapshot(set), items, session);
        if (access.Add is null)
        {
            session.Finish();
        }
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        TComparer? comparer = null;
        if (reader.NextMessagePackType == MessagePackType.Map)
        {
            if (reader.ReadMapHeader() != 1)
            {
                throw new ProtocolException("A set has one comparer.");
            }

            comparer = ComparerCodec.Read<TComparer>(ref reader, session);
        }

        if (access.Add is null)
        {
            return access.Build(comparer, Items.Read(ref reader, items, session));
        }

        var set = access.Build(comparer, []);
        session.Set(slot, set);
        var count = Items.ReadCount<T>(ref reader, session);
        for (var i = 0; i < count; i++)
        {
            access.Add(set, items.Read(ref reader, session));
        }

        return set;
    }
}

/// <summary>How to look into a kind of set and make one. Add is null for one that cannot be filled after it was built.</summary>
internal sealed record SetAccess<TSet, T, TComparer>(
    Func<TSet, TComparer?> ComparerOf,
    Func<TSet, T[]> Snapshot,
    Func<TComparer?, T[], TSet> Build,
    Action<TSet, T>? Add = null
);
