using System.Collections;
using System.Collections.Concurrent;
using System.Collections.ObjectModel;

namespace FalServerless.Serialization.Values;

/// <summary>The ordinary collections, each by the name of its type. A wrapper's inner list becomes a List.</summary>
internal static class CollectionFormatters
{
    public static ValueFormatter List<T>(FormatterResolver formatters) => new ListFormatter<T>(formatters.For<T>());

    public static ValueFormatter LinkedList<T>(FormatterResolver formatters) =>
        new FilledFormatter<LinkedList<T>, T>(formatters.For<T>(), list => [.. list], () => new(), (list, item) => list.AddLast(item));

    public static ValueFormatter Queue<T>(FormatterResolver formatters) =>
        new FilledFormatter<Queue<T>, T>(formatters.For<T>(), queue => queue.ToArray(), () => new(), (queue, item) => queue.Enqueue(item));

    // From the bottom up, the order in which they are pushed.
    public static ValueFormatter Stack<T>(FormatterResolver formatters) =>
        new FilledFormatter<Stack<T>, T>(
            formatters.For<T>(),
            stack => Reversed(stack.ToArray()),
            () => new(),
            (stack, item) => stack.Push(item)
        );

    // The pairs are in heap order, so that adding them one by one makes the same heap again.
    public static ValueFormatter PriorityQueue<TElement, TPriority>(FormatterResolver formatters) =>
        new SetFormatter<PriorityQueue<TElement, TPriority>, ValueTuple<TPriority, TElement>, IComparer<TPriority>>(
            formatters.For<ValueTuple<TPriority, TElement>>(),
            new(
                queue => ComparerCodec.IsDefault<TPriority>(queue.Comparer) ? null : queue.Comparer,
                queue => [.. queue.UnorderedItems.Select(pair => (pair.Priority, pair.Element))],
                (comparer, _) => new(comparer),
                (queue, pair) => queue.Enqueue(pair.Item2, pair.Item1)
            )
        );

    public static ValueFormatter HashSet<T>(FormatterResolver formatters) =>
        new SetFormatter<HashSet<T>, T, IEqualityComparer<T>>(
            formatters.For<T>(),
            new(set => set.Comparer, set => [.. set], (comparer, _) => new(comparer), (set, item) => set.Add(item))
        );

    public static ValueFormatter SortedSet<T>(FormatterResolver formatters) =>
        new SetFormatter<SortedSet<T>, T, IComparer<T>>(
            formatters.For<T>(),
            new(set => set.Comparer, set => [.. set], (comparer, _) => new(comparer), (set, item) => set.Add(item))
        );

    public static ValueFormatter Collection<T>(FormatterResolver formatters) =>
        new FilledFormatter<Collection<T>, T>(formatters.For<T>(), list => [.. list], () => [], (list, item) => list.Add(item));

    public static ValueFormatter ObservableCollection<T>(FormatterResolver formatters) =>
        new FilledFormatter<ObservableCollection<T>, T>(formatters.For<T>(), list => [.. list], () => [], (list, item) => list.Add(item));

    public static ValueFormatter ReadOnlyCollection<T>(FormatterResolver formatters) =>
        new BuiltFormatter<ReadOnlyCollection<T>, T>(formatters.For<T>(), list => [.. list], items => new(new List<T>(items)));

    public static ValueFormatter ArrayList(FormatterResolver formatters) =>
        new FilledFormatter<ArrayList, object?>(
            formatters.For<object?>(),
            list => list.ToArray(),
            () => [],
            (list, item) => list.Add(item)
        );

    public static ValueFormatter BitArray(FormatterResolver formatters) => new BitArrayFormatter();

    public static ValueFormatter ConcurrentQueue<T>(FormatterResolver formatters) =>
        new FilledFormatter<ConcurrentQueue<T>, T>(
            formatters.For<T>(),
            queue => queue.ToArray(),
            () => new(),
            (queue, item) => queue.Enqueue(item)
        );

    public static ValueFormatter ConcurrentStack<T>(FormatterResolver formatters) =>
        new FilledFormatter<ConcurrentStack<T>, T>(
            formatters.For<T>(),
            stack => Reversed(stack.ToArray()),
            () => new(),
            (stack, item) => stack.Push(item)
        );

    // A bag gives the last of a thread first; reversed, it gives them in the same order again.
    public static ValueFormatter ConcurrentBag<T>(FormatterResolver formatters) =>
        new FilledFormatter<ConcurrentBag<T>, T>(
            formatters.For<T>(),
            bag => Reversed(bag.ToArray()),
            () => [],
            (bag, item) => bag.Add(item)
        );

    private static T[] Reversed<T>(T[] items)
    {
        Array.Reverse(items);
        return items;
    }
}
