namespace FalServerless.Serialization.Values;

/// <summary>What LINQ gives: sequences that are run here and arrive as lists, and groups.</summary>
internal static class LinqFormatters
{
    public static ValueFormatter Sequence<T>(FormatterResolver formatters) =>
        new SequenceFormatter<T>((ListFormatter<T>)formatters.For(typeof(List<T>)));

    public static ValueFormatter IGrouping<TKey, T>(FormatterResolver formatters) =>
        new GroupingFormatter<TKey, T>(formatters.For<TKey>(), formatters.For<T>());

    public static ValueFormatter ILookup<TKey, T>(FormatterResolver formatters) =>
        new LinqFormatter<ILookup<TKey, T>, IGrouping<TKey, T>>(formatters.For<IGrouping<TKey, T>>(), ToLookup);

    public static ValueFormatter Lookup<TKey, T>(FormatterResolver formatters) =>
        new LinqFormatter<Lookup<TKey, T>, IGrouping<TKey, T>>(
            formatters.For<IGrouping<TKey, T>>(),
            groups => (Lookup<TKey, T>)ToLookup(groups)
        );

    // Its order is kept; the keys by which it was sorted stay behind, so that a ThenBy there sorts again.
    public static ValueFormatter IOrderedEnumerable<T>(FormatterResolver formatters) =>
        new LinqFormatter<IOrderedEnumerable<T>, T>(formatters.For<T>(), items => items.OrderBy(_ => 0));

    public static ValueFormatter IQueryable<T>(FormatterResolver formatters) =>
        new LinqFormatter<IQueryable<T>, T>(formatters.For<T>(), items => items.AsQueryable());

    public static ValueFormatter IOrderedQueryable<T>(FormatterResolver formatters) =>
        new LinqFormatter<IOrderedQueryable<T>, T>(formatters.For<T>(), items => (IOrderedQueryable<T>)items.AsQueryable());

    private static ILookup<TKey, T> ToLookup<TKey, T>(IGrouping<TKey, T>?[] groups)
    {
        if (groups.Contains(null))
        {
            throw new ProtocolException("A group of a lookup is missing.");
        }

        return groups.SelectMany(group => group!, (group, item) => (group!.Key, item)).ToLookup(pair => pair.Key, pair => pair.item);
    }
}
