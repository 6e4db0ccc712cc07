using System.Collections;
using System.Collections.Concurrent;
using System.Collections.ObjectModel;

namespace FalServerless.Serialization.Values;

/// <summary>The dictionaries that can be changed, each by the name of its type.</summary>
internal static class DictionaryFormatters
{
    public static ValueFormatter Dictionary<TKey, TValue>(FormatterResolver formatters)
        where TKey : notnull =>
        new MapFormatter<Dictionary<TKey, TValue>, TKey, TValue, IEqualityComparer<TKey>>(
            formatters.For<TKey>(),
            formatters.For<TValue>(),
            new(map => map.Comparer, map => [.. map], (comparer, _) => new(comparer), (map, key, value) => map.TryAdd(key, value))
        );

    public static ValueFormatter SortedDictionary<TKey, TValue>(FormatterResolver formatters)
        where TKey : notnull =>
        new MapFormatter<SortedDictionary<TKey, TValue>, TKey, TValue, IComparer<TKey>>(
            formatters.For<TKey>(),
            formatters.For<TValue>(),
            new(map => map.Comparer, map => [.. map], (comparer, _) => new(comparer), (map, key, value) => map.TryAdd(key, value))
        );

    public static ValueFormatter SortedList<TKey, TValue>(FormatterResolver formatters)
        where TKey : notnull =>
        new MapFormatter<SortedList<TKey, TValue>, TKey, TValue, IComparer<TKey>>(
            formatters.For<TKey>(),
            formatters.For<TValue>(),
            new(map => map.Comparer, map => [.. map], (comparer, _) => new(comparer), (map, key, value) => map.TryAdd(key, value))
        );

    public static ValueFormatter OrderedDictionary<TKey, TValue>(FormatterResolver formatters)
        where TKey : notnull =>
        new MapFormatter<OrderedDictionary<TKey, TValue>, TKey, TValue, IEqualityComparer<TKey>>(
            formatters.For<TKey>(),
            formatters.For<TValue>(),
            new(map => map.Comparer, map => [.. map], (comparer, _) => new(comparer), (map, key, value) => map.TryAdd(key, value))
        );

    public static ValueFormatter ConcurrentDictionary<TKey, TValue>(FormatterResolver formatters)
        where TKey : notnull =>
        new MapFormatter<ConcurrentDictionary<TKey, TValue>, TKey, TValue, IEqualityComparer<TKey>>(
            formatters.For<TKey>(),
            formatters.For<TValue>(),
            new(map => map.Comparer, map => map.ToArray(), (comparer, _) => new(comparer), (map, key, value) => map.TryAdd(key, value))
        );

    // The dictionary inside is the wrapper's own business; a plain one takes its place.
    public static ValueFormatter ReadOnlyDictionary<TKey, TValue>(FormatterResolver formatters)
        where TKey : notnull =>
        new MapFormatter<ReadOnlyDictionary<TKey, TValue>, TKey, TValue, IEqualityComparer<TKey>>(
            formatters.For<TKey>(),
            formatters.For<TValue>(),
            new(_ => null, map => [.. map], (_, pairs) => new(new Dictionary<TKey, TValue>(pairs)))
        );

    public static ValueFormatter Hashtable(FormatterResolver formatters) =>
        new MapFormatter<Hashtable, object, object?, IEqualityComparer>(
            formatters.For<object>(),
            formatters.For<object?>(),
            new(
                HashtableComparer.Of,
                map => [.. map.Cast<DictionaryEntry>().Select(entry => KeyValuePair.Create(entry.Key, entry.Value))],
                (comparer, _) => new(comparer),
                (map, key, value) =>
                {
                    var isNew = !map.ContainsKey(key);
                    map[key] = value;
                    return isNew;
                }
            )
        );
}
