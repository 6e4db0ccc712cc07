using System.Collections.ObjectModel;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using FalServerless.Serialization.Types;

namespace FalServerless.Serialization.Values;

/// <summary>
/// A user's own collection that is derived from one of the framework's: its items and its own fields. Only the framework's constructor
/// runs, and items go in below what the user's class may have overridden.
/// </summary>
internal static class DerivedCollections
{
    private static readonly Dictionary<Type, string> Bases = new()
    {
        [typeof(List<>)] = nameof(List),
        [typeof(HashSet<>)] = nameof(HashSet),
        [typeof(Dictionary<,>)] = nameof(Dictionary),
        [typeof(Collection<>)] = nameof(Collection),
        [typeof(ObservableCollection<>)] = nameof(Collection),
    };

    /// <summary>The formatter of a class that is derived from a known collection; null for other classes.</summary>
    public static ValueFormatter? Find(Type type, FormatterResolver formatters)
    {
        var framework = type.BaseType;
        while (framework is not null && !FrameworkTypes.Contains(framework))
        {
            framework = framework.BaseType;
        }

        // One whose base class is not serializable by itself, but which is, has that contract from the user.
        return
            framework is { IsConstructedGenericType: true }
            && Bases.TryGetValue(framework.GetGenericTypeDefinition(), out var maker)
            && (framework.IsAssignableTo(typeof(ISerializable)) || UserContract.ConstructorOf(type) is null)
            ? FormatterFactory.Method(typeof(DerivedCollections), maker, [type, .. framework.GetGenericArguments()])(formatters)
            : null;
    }

    public static ValueFormatter List<TDerived, T>(FormatterResolver formatters)
        where TDerived : List<T> =>
        Formatter<TDerived>(
            formatters,
            typeof(List<T>),
            () =>
                new FilledFormatter<List<T>, T>(
                    formatters.For<T>(),
                    Snapshot,
                    () => Make<List<T>>(typeof(TDerived), []),
                    (list, item) => list.Add(item)
                )
        );

    public static ValueFormatter HashSet<TDerived, T>(FormatterResolver formatters)
        where TDerived : HashSet<T> =>
        Formatter<TDerived>(
            formatters,
            typeof(HashSet<T>),
            () =>
                new SetFormatter<HashSet<T>, T, IEqualityComparer<T>>(
                    formatters.For<T>(),
                    new(
                        set => set.Comparer,
                        Snapshot,
                        (comparer, _) => Make<HashSet<T>>(typeof(TDerived), [typeof(IEqualityComparer<T>)], comparer),
                        (set, item) => set.Add(item)
                    )
                )
        );

    public static ValueFormatter Dictionary<TDerived, TKey, TValue>(FormatterResolver formatters)
        where TKey : notnull
        where TDerived : Dictionary<TKey, TValue> =>
        Formatter<TDerived>(
            formatters,
            typeof(Dictionary<TKey, TValue>),
            () =>
                new MapFormatter<Dictionary<TKey, TValue>, TKey, TValue, IEqualityComparer<TKey>>(
                    formatters.For<TKey>(),
                    formatters.For<TValue>(),
                    new(
                        map => map.Comparer,
                        Snapshot,
                        (comparer, _) => Make<Dictionary<TKey, TValue>>(typeof(TDerived), [typeof(IEqualityComparer<TKey>)], comparer),
                        (map, key, value) => map.TryAdd(key, value)
                    )
                )
        );

    public static ValueFormatter Collection<TDerived, T>(FormatterResolver formatters)
        where TDerived : Collection<T> =>
        Formatter<TDerived>(
            formatters,
            BaseOf(typeof(TDerived)),
            () =>
                new FilledFormatter<Collection<T>, T>(
                    formatters.For<T>(),
                    list => [.. Inner<T>.Items(list)],
                    () => Make<Collection<T>>(typeof(TDerived), []),
                    (list, item) => Inner<T>.Items(list).Add(item)
                )
        );

    private static ReferenceFormatter<T> Formatter<T>(FormatterResolver formatters, Type frameworkBase, Func<ValueFormatter> makeItems)
        where T : class => StaticInstances.Wrap(new DerivedCollectionFormatter<T>(formatters, frameworkBase, makeItems), formatters);

    private static Type BaseOf(Type type) => FrameworkTypes.Contains(type) ? type : BaseOf(type.BaseType!);

    // Through the framework's own enumerators: a user's class may have its own idea of its interfaces.
    private static T[] Snapshot<T>(List<T> list)
    {
        var items = new T[list.Count];
        list.CopyTo(items);
        return items;
    }

    private static T[] Snapshot<T>(HashSet<T> set)
    {
        var items = new T[set.Count];
        set.CopyTo(items);
        return items;
    }

    private static KeyValuePair<TKey, TValue>[] Snapshot<TKey, TValue>(Dictionary<TKey, TValue> map)
        where TKey : notnull
    {
        var pairs = new List<KeyValuePair<TKey, TValue>>(map.Count);
        foreach (var pair in map)
        {
            pairs.Add(pair);
        }

        return [.. pairs];
    }

    private static TBase Make<TBase>(Type derived, Type[] parameters, params object?[] arguments)
        where TBase : class
    {
        var value = (TBase)RuntimeHelpers.GetUninitializedObject(derived);
        var constructor = BaseOf(derived).GetConstructor(BindingFlags.Instance | BindingFlags.Public, parameters)!;
        constructor.Invoke(value, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        return value;
    }

    private static class Inner<T>
    {
        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Items")]
        public static extern IList<T> Items(Collection<T> collection);
    }
}
