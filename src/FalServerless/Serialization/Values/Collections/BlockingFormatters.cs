using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace FalServerless.Serialization.Values;

/// <summary>
/// A collection that has its readers wait: the collection inside, its bounds, and whether more may come. Who waits stays in this process.
/// </summary>
internal static class BlockingFormatters
{
    private const int Unbounded = -1;

    public static ValueFormatter BlockingCollection<T>(FormatterResolver formatters) =>
        Surrogates.Class<BlockingCollection<T>, (IProducerConsumerCollection<T>, int, bool)>(
            formatters,
            Take,
            parts => Make(parts.Item1, parts.Item2, parts.Item3)
        );

    private static (IProducerConsumerCollection<T>, int, bool) Take<T>(BlockingCollection<T> collection)
    {
        try
        {
            return (Fields<T>.Inner(collection), collection.BoundedCapacity, collection.IsAddingCompleted);
        }
        catch (ObjectDisposedException)
        {
            throw Surrogates.Refuse(collection, "it has been disposed of", "Copy its items before that");
        }
    }

    private static BlockingCollection<T> Make<T>(IProducerConsumerCollection<T> inner, int capacity, bool isComplete)
    {
        var collection = capacity == Unbounded ? new BlockingCollection<T>(inner) : new(inner, capacity);
        if (isComplete)
        {
            collection.CompleteAdding();
        }

        return collection;
    }

    private static class Fields<T>
    {
        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_collection")]
        public static extern ref IProducerConsumerCollection<T> Inner(BlockingCollection<T> collection);
    }
}
