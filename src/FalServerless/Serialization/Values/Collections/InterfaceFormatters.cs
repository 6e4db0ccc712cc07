namespace FalServerless.Serialization.Values;

/// <summary>The collection interfaces: a List, a HashSet or a Dictionary is written without a type name.</summary>
internal static class InterfaceFormatters
{
    public static ValueFormatter IEnumerable<T>(FormatterResolver formatters) =>
        new InterfaceFormatter<IEnumerable<T>>(formatters.For<List<T>>());

    public static ValueFormatter ICollection<T>(FormatterResolver formatters) =>
        new InterfaceFormatter<ICollection<T>>(formatters.For<List<T>>());

    public static ValueFormatter IList<T>(FormatterResolver formatters) => new InterfaceFormatter<IList<T>>(formatters.For<List<T>>());

    public static ValueFormatter IReadOnlyCollection<T>(FormatterResolver formatters) =>
        new InterfaceFormatter<IReadOnlyCollection<T>>(formatters.For<List<T>>());

    public static ValueFormatter IReadOnlyList<T>(FormatterResolver formatters) =>
        new InterfaceFormatter<IReadOnlyList<T>>(formatters.For<List<T>>());

    public static ValueFormatter ISet<T>(FormatterResolver formatters) => new InterfaceFormatter<ISet<T>>(formatters.For<HashSet<T>>());

    public static ValueFormatter IReadOnlySet<T>(FormatterResolver formatters) =>
        new InterfaceFormatter<IReadOnlySet<T>>(formatters.For<HashSet<T>>());

    public static ValueFormatter IDictionary<TKey, TValue>(FormatterResolver formatters)
        where TKey : notnull => new InterfaceFormatter<IDictionary<TKey, TValue>>(formatters.For<Dictionary<TKey, TValue>>());

    public static ValueFormatter IReadOnlyDictionary<TKey, TValue>(FormatterResolver formatters)
        where TKey : notnull => new InterfaceFormatter<IReadOnlyDictionary<TKey, TValue>>(formatters.For<Dictionary<TKey, TValue>>());
}
