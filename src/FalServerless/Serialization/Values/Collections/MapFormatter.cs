using System.Runtime.CompilerServices;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// A dictionary: a map, or <c>[comparer, map]</c> where the comparer is not the default one. The order of the pairs is kept.
/// </summary>
internal sealed class MapFormatter<TMap, TKey, TValue, TComparer>(
    ValueFormatter<TKey> keys,
    ValueFormatter<TValue> values,
    MapAccess<TMap, TKey, TValue, TComparer> access
) : ReferenceFormatter<TMap>
    where TMap : class
    where TComparer : class
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        var map = (TMap)value;
        var comparer = access.ComparerOf(map);
        session.Begin(value);
        if (!ComparerCodec.IsDefault<TKey>(comparer))
        {
            writer.WriteArrayHeader(2);
            ComparerCodec.Write(ref writer, comparer, session);
        }

        if (access.TryAdd is not null)
        {
            session.Finish();
        }

        WritePairs(ref writer, access.Snapshot(map), session);
        if (access.TryAdd is null)
        {
            session.Finish();
        }
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        TComparer? comparer = null;
        if (reader.NextMessagePackType == MessagePackType.Array)
        {
            BytesCodec.ExpectItems(ref reader, 2);
            comparer = ComparerCodec.Read<TComparer>(ref reader, session);
        }

        var count = session.Claim(ref reader, reader.ReadMapHeader(), Unsafe.SizeOf<KeyValuePair<TKey, TValue>>());
        if (access.TryAdd is null)
        {
            var pairs = new KeyValuePair<TKey, TValue>[count];
            for (var i = 0; i < count; i++)
            {
                var key = keys.Read(ref reader, session);
                pairs[i] = new(key, values.Read(ref reader, session));
            }

            return access.Build(comparer, pairs);
        }

        var map = access.Build(comparer, []);
        session.Set(slot, map);
        for (var i = 0; i < count; i++)
        {
            var key = keys.Read(ref reader, session);
            if (!access.TryAdd(map, key, values.Read(ref reader, session)))
            {
                throw new ProtocolException($"A dictionary of the message holds a key twice, the second time in pair {i}.");
            }
        }

        return map;
    }

    private static string Describe(TKey key, int index) =>
        key switch
        {
            string text => $"[\"{text}\"]",
            int or long or Guid or Enum => $"[{key}]",
            _ => $"[#{index}]",
        };

    private void WritePairs(ref MessagePackWriter writer, ReadOnlySpan<KeyValuePair<TKey, TValue>> pairs, WriteSession session)
    {
        writer.WriteMapHeader(pairs.Length);
        var i = 0;
        try
        {
            for (; i < pairs.Length; i++)
            {
                keys.Write(ref writer, pairs[i].Key, session);
                values.Write(ref writer, pairs[i].Value, session);
            }
        }
        catch (NotSendableException e) when (e.Within(Describe(pairs[i].Key, i)))
        {
            throw;
        }
    }
}

/// <summary>How to look into a kind of dictionary and make one. TryAdd is null for one that cannot be filled after it was built.</summary>
internal sealed record MapAccess<TMap, TKey, TValue, TComparer>(
    Func<TMap, TComparer?> ComparerOf,
    Func<TMap, KeyValuePair<TKey, TValue>[]> Snapshot,
    Func<TComparer?, KeyValuePair<TKey, TValue>[], TMap> Build,
    Func<TMap, TKey, TValue, bool>? TryAdd = null
);
