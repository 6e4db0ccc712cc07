using System.Collections.Concurrent;
using System.ComponentModel;
using System.Dynamic;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values;

/// <summary>Collections that are more than their items arrive as themselves in a slot that takes anything.</summary>
public class DynamicObjectTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void AnExpandoObjectArrivesWithItsMembersInOrder()
    {
        dynamic order = new ExpandoObject();
        order.Zeta = 1;
        order.Alpha = "x";
        order.zeta = null;
        order.Buyer = new ExpandoObject();
        order.Buyer.Order = order;
        order.Lines = new List<object> { order.Buyer, new ExpandoObject() };

        dynamic there = Travel.RoundTrip<object>((object)order);

        Assert.IsType<ExpandoObject>((object)there);
        Assert.Equal(["Zeta", "Alpha", "zeta", "Buyer", "Lines"], ((IDictionary<string, object?>)there).Keys);
        Assert.Equal((1, "x", null), ((int)there.Zeta, (string)there.Alpha, (object?)there.zeta));
        Assert.Same((object)there, (object)there.Buyer.Order);
        Assert.Same((object)there.Buyer, (object)there.Lines[0]);
        Assert.IsType<ExpandoObject>((object)there.Lines[1]);
        there.More = 5;
        Assert.Equal(5, (int)there.More);
    }

    [Fact]
    public void AnExpandoObjectIsOneInEverySlotThatTakesIt()
    {
        var expando = new ExpandoObject();
        ((IDictionary<string, object?>)expando).Add("A", 1);

        Assert.IsType<ExpandoObject>(Travel.RoundTrip<IDictionary<string, object?>>(expando));
        Assert.IsType<ExpandoObject>(Travel.RoundTrip<IEnumerable<KeyValuePair<string, object?>>>(expando));
        Assert.IsType<ExpandoObject>(Travel.RoundTrip<IDynamicMetaObjectProvider>(expando));
        Assert.IsType<ExpandoObject>(Travel.RoundTrip<object[]>([expando])[0]);
        Assert.IsType<ExpandoObject>(Travel.RoundTrip<Dictionary<string, dynamic>>(new() { ["x"] = expando })["x"]);
    }

    [Fact]
    public void AnExpandoObjectThatSomebodyWatchesIsRefused()
    {
        var expando = new ExpandoObject();
        ((INotifyPropertyChanged)expando).PropertyChanged += (_, _) => { };

        var error = Assert.Throws<NotSendableException>(() => Travel.Bytes<object>(expando));
        Assert.Contains("PropertyChanged", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ABlockingCollectionArrivesWithItsBoundsAndItsOrder()
    {
        var queue = Filled(new BlockingCollection<int>(3), 1, 2);
        var stack = Filled(new BlockingCollection<string>(new ConcurrentStack<string>()), "a", "b");
        var bag = Filled(new BlockingCollection<string>(new ConcurrentBag<string>(), 7), "a");
        stack.CompleteAdding();

        var there = Assert.IsType<BlockingCollection<int>>(Travel.RoundTrip<object>(queue));
        Assert.Equal((3, 2, false), (there.BoundedCapacity, there.Count, there.IsAddingCompleted));
        Assert.True(there.TryAdd(3, 0, Token));
        Assert.False(there.TryAdd(4, 0, Token));
        Assert.Equal((1, 2, 3), (there.Take(Token), there.Take(Token), there.Take(Token)));
        Assert.False(there.TryTake(out _, 0, Token));

        var complete = Assert.IsType<BlockingCollection<string>>(Travel.RoundTrip<object>(stack));
        Assert.Equal((-1, true), (complete.BoundedCapacity, complete.IsAddingCompleted));
        Assert.Equal(["b", "a"], complete.GetConsumingEnumerable(Token));
        Assert.True(complete.IsCompleted);
        Assert.Equal((7, "a"), (Travel.RoundTrip(bag).BoundedCapacity, Travel.RoundTrip(bag).Take(Token)));
        Assert.Equal(2, queue.Count);
    }

    [Fact]
    public void ABlockingCollectionOverOneThatItsOwnerHoldsIsStillOverThatOne()
    {
        var inner = new ConcurrentQueue<int>();
        var (outer, there) = Travel.RoundTrip((new BlockingCollection<int>(inner), inner));
        outer.Add(5, Token);
        Assert.Equal([5], there);

        var own = Travel.RoundTrip<object>(Filled(new BlockingCollection<int>(new Last()), 1, 2)) as BlockingCollection<int>;
        Assert.Equal(2, own!.Take(Token));
    }

    [Fact]
    public void ABlockingCollectionThatHasBeenDisposedOfIsRefused()
    {
        var collection = new BlockingCollection<int>();
        collection.Dispose();
        Assert.Contains(
            "disposed",
            Assert.Throws<NotSendableException>(() => Travel.Bytes<object>(collection)).Reason,
            StringComparison.Ordinal
        );
    }

    private static BlockingCollection<T> Filled<T>(BlockingCollection<T> collection, params T[] items)
    {
        Array.ForEach(items, item => collection.Add(item, Token));
        return collection;
    }

    private sealed class Last : IProducerConsumerCollection<int>
    {
        private readonly List<int> _items = [];

        public int Count => _items.Count;

        public bool IsSynchronized => false;

        public object SyncRoot => _items;

        public bool TryAdd(int item)
        {
            _items.Add(item);
            return true;
        }

        public bool TryTake(out int item)
        {
            item = _items[^1];
            _items.RemoveAt(_items.Count - 1);
            return true;
        }

        public void CopyTo(int[] array, int index) => _items.CopyTo(array, index);

        public void CopyTo(Array array, int index) => ((System.Collections.ICollection)_items).CopyTo(array, index);

        public int[] ToArray() => [.. _items];

        public IEnumerator<int> GetEnumerator() => _items.GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
