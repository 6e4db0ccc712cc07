using FalServerless.Serialization.Types;

namespace FalServerless.Serialization.Values;

/// <summary>
/// The framework's types that have a form of their own, by name: a table of types would load every assembly of collections at the first value.
/// The factory method has the name of the type.
/// </summary>
internal static class KnownFamilies
{
    private const string Generic = "System.Collections.Generic.";

    private static readonly Dictionary<string, Type> Holders = Table(
        (typeof(CollectionFormatters), Generic, "List`1 LinkedList`1 Queue`1 Stack`1 PriorityQueue`2 HashSet`1 SortedSet`1"),
        (typeof(CollectionFormatters), "System.Collections.ObjectModel.", "Collection`1 ObservableCollection`1 ReadOnlyCollection`1"),
        (typeof(CollectionFormatters), "System.Collections.", "ArrayList BitArray"),
        (typeof(CollectionFormatters), "System.Collections.Concurrent.", "ConcurrentQueue`1 ConcurrentStack`1 ConcurrentBag`1"),
        (typeof(MemoryFormatters), "System.", "ArraySegment`1 Memory`1 ReadOnlyMemory`1 Nullable`1"),
        (typeof(MemoryFormatters), "System.Text.", "StringBuilder"),
        (typeof(DictionaryFormatters), Generic, "Dictionary`2 SortedDictionary`2 SortedList`2 OrderedDictionary`2"),
        (typeof(DictionaryFormatters), "System.Collections.Concurrent.", "ConcurrentDictionary`2"),
        (typeof(DictionaryFormatters), "System.Collections.ObjectModel.", "ReadOnlyDictionary`2"),
        (typeof(DictionaryFormatters), "System.Collections.", "Hashtable"),
        (typeof(ImmutableFormatters), "System.Collections.Immutable.", "ImmutableArray`1 ImmutableList`1 ImmutableQueue`1 ImmutableStack`1 ImmutableHashSet`1 ImmutableSortedSet`1 ImmutableDictionary`2 ImmutableSortedDictionary`2"),
        (typeof(ImmutableFormatters), "System.Collections.Frozen.", "FrozenSet`1 FrozenDictionary`2"),
        (typeof(InterfaceFormatters), Generic, "IEnumerable`1 ICollection`1 IList`1 IReadOnlyCollection`1 IReadOnlyList`1 ISet`1 IReadOnlySet`1 IDictionary`2 IReadOnlyDictionary`2"),
        (typeof(LinqFormatters), "System.Linq.", "IGrouping`2 ILookup`2 Lookup`2 IOrderedEnumerable`1 IQueryable`1 IOrderedQueryable`1"),
        (typeof(JsonFormatters), "System.Text.Json.", "JsonElement JsonDocument"),
        (typeof(JsonFormatters), "System.Text.Json.Nodes.", "JsonNode JsonObject JsonArray JsonValue"));

    public static FormatterFactory.Factory? Find(Type type)
    {
        if (!FrameworkTypes.Contains(type))
        {
            return null;
        }

        var name = (type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type).FullName!;
        return IsTuple(name) ? FormatterFactory.Positional(type)
            : Holders.TryGetValue(name, out var holder) ? FormatterFactory.Method(holder, type.Name.Split('`')[0], type.GetGenericArguments())
            : null;
    }

    private static bool IsTuple(string name) =>
        name.StartsWith("System.ValueTuple", StringComparison.Ordinal) || name.StartsWith("System.Tuple`", StringComparison.Ordinal)
            || name == "System.Collections.Generic.KeyValuePair`2";

    private static Dictionary<string, Type> Table(params (Type Holder, string Prefix, string Names)[] rows) =>
        rows.SelectMany(row => row.Names.Split(' ').Select(name => (row.Prefix + name, row.Holder))).ToDictionary();
}
