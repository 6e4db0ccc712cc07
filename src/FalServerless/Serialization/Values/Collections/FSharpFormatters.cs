using System.Reflection;

namespace FalServerless.Serialization.Values;

/// <summary>
/// The immutable collections of F#, by name, as FSharp.Core is an assembly of the user's. By their fields a list would be a chain as long
/// as itself, and a map or a set would come without the tree that it looks things up in.
/// </summary>
internal static class FSharpFormatters
{
    private const string Namespace = "Microsoft.FSharp.Collections";
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;

    /// <summary>The formatter of such a collection; null for other types.</summary>
    public static ValueFormatter? Find(Type type, FormatterResolver formatters)
    {
        if (!type.IsConstructedGenericType || type.Namespace != Namespace || type.Assembly.GetName().Name != "FSharp.Core")
        {
            return null;
        }

        var arguments = type.GetGenericArguments();
        return type.Name switch
        {
            "FSharpList`1" => FormatterFactory.Method(typeof(FSharpFormatters), nameof(List), [type, .. arguments])(formatters),
            "FSharpSet`1" => FormatterFactory.Method(typeof(FSharpFormatters), nameof(Set), [type, .. arguments])(formatters),
            "FSharpMap`2" => FormatterFactory.Method(typeof(FSharpFormatters), nameof(Map), [type, .. arguments])(formatters),
            _ => null,
        };
    }

    public static ValueFormatter List<TList, T>(FormatterResolver formatters)
        where TList : class, IEnumerable<T>
    {
        var empty = typeof(TList).GetProperty("Empty", Public)!.GetMethod!.CreateDelegate<Func<TList>>();
        var cons = typeof(TList).GetMethod("Cons", Public, [typeof(T), typeof(TList)])!.CreateDelegate<Func<T, TList, TList>>();
        return new BuiltFormatter<TList, T>(
            formatters.For<T>(),
            list => [.. list],
            items =>
            {
                var list = empty();
                for (var i = items.Length - 1; i >= 0; i--)
                {
                    list = cons(items[i], list);
                }

                return list;
            }
        );
    }

    // Their constructors add the items in turn, by the comparison that F# has for the type of the keys.
    public static ValueFormatter Set<TSet, T>(FormatterResolver formatters)
        where TSet : class, IEnumerable<T>
    {
        var constructor = typeof(TSet).GetConstructor([typeof(IEnumerable<T>)])!;
        return new BuiltFormatter<TSet, T>(formatters.For<T>(), set => [.. set], items => Make<TSet>(constructor, items));
    }

    public static ValueFormatter Map<TMap, TKey, TValue>(FormatterResolver formatters)
        where TMap : class, IEnumerable<KeyValuePair<TKey, TValue>>
    {
        var constructor = typeof(TMap).GetConstructor([typeof(IEnumerable<Tuple<TKey, TValue>>)])!;
        return new BuiltFormatter<TMap, KeyValuePair<TKey, TValue>>(
            formatters.For<KeyValuePair<TKey, TValue>>(),
            map => [.. map],
            pairs => Make<TMap>(constructor, Array.ConvertAll(pairs, pair => Tuple.Create(pair.Key, pair.Value)))
        );
    }

    private static T Make<T>(ConstructorInfo constructor, object items) =>
        (T)constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, [items], null);
}
