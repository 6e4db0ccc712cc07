using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace FalServerless.Serialization.Values;

/// <summary>The collections that never change, each by the name of its type.</summary>
internal static class ImmutableFormatters
{
    public static ValueFormatter ImmutableArray<T>(FormatterResolver formatters) =>
        new InlineItemsFormatter<ImmutableArray<T>, T>(
            formatters.For<T>(),
            ImmutableCollectionsMarshal.AsArray,
            ImmutableCollectionsMarshal.AsImmutableArray
        );

    public static ValueFormatter ImmutableList<T>(FormatterResolver formatters) =>
        new BuiltFormatter<ImmutableList<T>, T>(formatters.For<T>(), list => [.. list], items => [.. items]);

    public static ValueFormatter ImmutableQueue<T>(FormatterResolver formatters) =>
        new BuiltFormatter<ImmutableQueue<T>, T>(formatters.For<T>(), queue => [.. queue], items => [.. items]);

    // From the bottom up, the order in which they are pushed.
    public static ValueFormatter ImmutableStack<T>(FormatterResolver formatters) =>
        new BuiltFormatter<ImmutableStack<T>, T>(
            formatters.For<T>(),
            stack => [.. stack.Reverse()],
            items => System.Collections.Immutable.ImmutableStack.CreateRange(items)
        );

    public static ValueFormatter ImmutableHashSet<T>(FormatterResolver formatters) =>
        new SetFormatter<ImmutableHashSet<T>, T, IEqualityComparer<T>>(
            formatters.For<T>(),
            new(
                set => set.KeyComparer,
                set => [.. set],
                (comparer, items) => System.Collections.Immutable.ImmutableHashSet.CreateRange(comparer, items)
            )
        );

    public static ValueFormatter ImmutableSortedSet<T>(FormatterResolver formatters) =>
        new SetFormatter<ImmutableSortedSet<T>, T, IComparer<T>>(
            formatters.For<T>(),
            new(
                set => set.KeyComparer,
                set => [.. set],
                (comparer, items) => System.Collections.Immutable.ImmutableSortedSet.CreateRange(comparer, items)
            )
        );

    public static ValueFormatter ImmutableDictionary<TKey, TValue>(FormatterResolver formatters)
        where TKey : notnull =>
        new MapFormatter<ImmutableDictionary<TKey, TValue>, TKey, TValue, IEqualityComparer<TKey>>(
            formatters.For<TKey>(),
            formatters.For<TValue>(),
            new(
                map => KeyComparerOnly<TValue, IEqualityComparer<TKey>>(map.KeyComparer, map.ValueComparer),
                map => [.. map],
                (comparer, pairs) => System.Collections.Immutable.ImmutableDictionary.CreateRange(comparer, pairs)
            )
        );

    public static ValueFormatter ImmutableSortedDictionary<TKey, TValue>(FormatterResolver formatters)
        where TKey : notnull =>
        new MapFormatter<ImmutableSortedDictionary<TKey, TValue>, TKey, TValue, IComparer<TKey>>(
            formatters.For<TKey>(),
            formatters.For<TValue>(),
            new(
                map => KeyComparerOnly<TValue, IComparer<TKey>>(map.KeyComparer, map.ValueComparer),
                map => [.. map],
                (comparer, pairs) => System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(comparer, pairs)
            )
        );

    public static ValueFormatter FrozenSet<T>(FormatterResolver formatters) =>
        new SetFormatter<FrozenSet<T>, T, IEqualityComparer<T>>(
            formatters.For<T>(),
            new(set => set.Comparer, set => [.. set], (comparer, items) => items.ToFrozenSet(comparer))
        );

    public static ValueFormatter FrozenDictionary<TKey, TValue>(FormatterResolver formatters)
        where TKey : notnull =>
        new MapFormatter<FrozenDictionary<TKey, TValue>, TKey, TValue, IEqualityComparer<TKey>>(
            formatters.For<TKey>(),
            formatters.For<TValue>(),
            new(map => map.Comparer, map => [.. map], (comparer, pairs) => pairs.ToFrozenDictionary(comparer))
        );

    private static TComparer KeyComparerOnly<TValue, TComparer>(TComparer keys, IEqualityComparer<TValue> values) =>
        ComparerCodec.IsDefault<TValue>(values)
            ? keys
            : throw new NotSendableException(
                values.GetType(),
                "a comparer of values, unlike one of keys, is not sent",
                "Use the default comparer for values"
            );
}
