using System.Collections;
using System.Collections.ObjectModel;
using System.Collections.Specialized;

namespace FalServerless.Serialization.Values;

/// <summary>The older collections, and wrappers around others.</summary>
internal static class LegacyCollectionFormatters
{
    public static ValueFormatter Queue(FormatterResolver formatters) =>
        new FilledFormatter<Queue, object?>(
            formatters.For<object?>(),
            queue => queue.ToArray(),
            () => new(),
            (queue, item) => queue.Enqueue(item)
        );

    // From the bottom up, the order in which they are pushed.
    public static ValueFormatter Stack(FormatterResolver formatters) =>
        new FilledFormatter<Stack, object?>(
            formatters.For<object?>(),
            stack => [.. stack.ToArray().Reverse()],
            () => new(),
            (stack, item) => stack.Push(item)
        );

    public static ValueFormatter StringCollection(FormatterResolver formatters) =>
        new FilledFormatter<StringCollection, string?>(
            formatters.For<string?>(),
            texts => [.. texts.Cast<string?>()],
            () => [],
            (texts, item) => texts.Add(item)
        );

    public static ValueFormatter DictionaryEntry(FormatterResolver formatters) =>
        Surrogates.Struct<DictionaryEntry, (object, object?)>(
            formatters,
            entry => (entry.Key, entry.Value),
            parts => parts.Item1 is null ? default : new(parts.Item1, parts.Item2)
        );

    public static ValueFormatter BitVector32(FormatterResolver formatters) =>
        Surrogates.Struct<BitVector32, int>(formatters, bits => bits.Data, data => new(data));

    public static ValueFormatter NameValueCollection(FormatterResolver formatters) =>
        Surrogates.Class<NameValueCollection, (string?, string[]?)[]>(
            formatters,
            pairs => [.. pairs.AllKeys.Select((key, i) => (key, pairs.GetValues(i)))],
            items =>
            {
                var pairs = new NameValueCollection();
                foreach (var (key, values) in items)
                {
                    foreach (var value in values ?? [null!])
                    {
                        pairs.Add(key, value);
                    }
                }

                return pairs;
            }
        );

    public static ValueFormatter StringDictionary(FormatterResolver formatters) =>
        Surrogates.Class<StringDictionary, (string, string?)[]>(
            formatters,
            map => [.. map.Cast<DictionaryEntry>().Select(entry => ((string)entry.Key, (string?)entry.Value))],
            items =>
            {
                var map = new StringDictionary();
                Array.ForEach(items, item => map.Add(item.Item1, item.Item2));
                return map;
            }
        );

    public static ValueFormatter ReadOnlyObservableCollection<T>(FormatterResolver formatters) =>
        Surrogates.Class<ReadOnlyObservableCollection<T>, T[]>(formatters, list => [.. list], items => new(new(items)));

    public static ValueFormatter ReadOnlySet<T>(FormatterResolver formatters) =>
        Surrogates.Class<ReadOnlySet<T>, T[]>(formatters, set => [.. set], items => new(new HashSet<T>(items)));
}
