using System.Buffers;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values;

public class CollectionTests
{
    private static readonly string?[] Words = ["b", "a", null, "c", "a"];

    [Fact]
    public void ArraysOfEveryKindSurvive()
    {
        Travel.Equal<int[]>([1, -2, int.MaxValue]);
        Travel.Equal<string?[]>(Words);
        Travel.Equal<byte[]>([0, 255]);
        Travel.Equal<int[]?>(null);
        Travel.Equal<int[]>([]);
        Travel.Equal<int[][]?>([
            [1],
            [],
            [2, 3],
        ]);
        Travel.Equal(
            new int[2, 3]
            {
                { 1, 2, 3 },
                { 4, 5, 6 },
            }
        );
        Travel.Equal(new string[1, 0, 4]);
        Travel.Equal<int?[,][]>(
            new int?[,][]
            {
                { [1, null] },
                { [] },
            }
        );
        Travel.Equal<object?[]>([1, "x", null, 2.5, DayOfWeek.Monday, new[] { 1 }]);
    }

    [Fact]
    public void AnArrayKeepsItsLowerBounds()
    {
        var array = Array.CreateInstance(typeof(int), [2, 3], [-1, 10]);
        array.SetValue(42, 0, 12);
        var there = (Array)Travel.RoundTrip<object>(array);
        Assert.Equal((-1, 10, 42), (there.GetLowerBound(0), there.GetLowerBound(1), (int)there.GetValue(0, 12)!));

        var starred = Array.CreateInstance(typeof(string), [1], [5]);
        Assert.Equal(starred.GetType(), Travel.RoundTrip<object>(starred).GetType());
        Assert.Equal(5, ((Array)Travel.RoundTrip(starred.GetType(), starred)!).GetLowerBound(0));
    }

    [Fact]
    public void AnArrayOfADerivedTypeStaysOne()
    {
        var there = Travel.RoundTrip<object[]>(new string[] { "x" });
        Assert.IsType<string[]>(there);
    }

    [Fact]
    public void ViewsOfArraysSurviveAsTheirPart()
    {
        int[] array = [1, 2, 3, 4];
        Assert.Equal([2, 3], Travel.RoundTrip(new ArraySegment<int>(array, 1, 2)));
        Assert.Null(Travel.RoundTrip(default(ArraySegment<int>)).Array);
        Assert.Equal([2, 3], Travel.RoundTrip(array.AsMemory(1, 2)).ToArray());
        Assert.Equal("bc", new string(Travel.RoundTrip("abcd".AsMemory(1, 2)).Span));
        Assert.Equal([1, 2], Travel.RoundTrip<ReadOnlyMemory<byte>>(new byte[] { 1, 2 }).ToArray());
        Assert.Equal([1, 2], Travel.RoundTrip(new ReadOnlySequence<byte>([1, 2])).ToArray());
    }

    [Fact]
    public void ListsQueuesAndStacksKeepTheirOrder()
    {
        Travel.Equal(new List<string?>(Words));
        Travel.Equal(new LinkedList<string?>(Words));
        Travel.Equal(new Queue<string?>(Words));
        Travel.Equal(new Stack<string?>(Words));
        Travel.Equal(new Collection<string?>(Words));
        Travel.Equal(new ObservableCollection<string?>(Words));
        Travel.Equal(new ReadOnlyCollection<string?>(Words));
        Travel.Equal(new ConcurrentQueue<string?>(Words));
        Travel.Equal(new ConcurrentStack<string?>(Words));
        Travel.Equal(new ConcurrentBag<string?>(Words));
        Travel.Equal(new ArrayList { 1, "x", null });
        Travel.Equal(new BitArray([true, false, true, true, false, false, false, false, true]));
    }

    [Fact]
    public void APriorityQueueGivesItsElementsInTheSameOrder()
    {
        var queue = new PriorityQueue<string, int>();
        foreach (var i in Enumerable.Range(0, 50))
        {
            queue.Enqueue($"e{i}", i * 7 % 5);
        }

        var there = Travel.RoundTrip(queue);
        Assert.Equal(Drained(queue), Drained(there));

        static List<string> Drained(PriorityQueue<string, int> queue)
        {
            var drained = new List<string>();
            while (queue.TryDequeue(out var element, out _))
            {
                drained.Add(element);
            }

            return drained;
        }
    }

    [Fact]
    public void SetsAndDictionariesSurvive()
    {
        Travel.Equal(new HashSet<int> { 3, 1, 2 });
        Travel.Equal(new SortedSet<int> { 3, 1, 2 });
        Travel.Equal(new Dictionary<string, int?> { ["a"] = 1, ["b"] = null });
        Travel.Equal(new SortedDictionary<int, string> { [2] = "b", [1] = "a" });
        Travel.Equal(new SortedList<int, string> { [2] = "b", [1] = "a" });
        Travel.Equal(new OrderedDictionary<string, int> { ["z"] = 1, ["a"] = 2 });
        Travel.Equal(new ConcurrentDictionary<string, int>(new Dictionary<string, int> { ["a"] = 1 }));
        Travel.Equal(new ReadOnlyDictionary<string, int>(new Dictionary<string, int> { ["a"] = 1 }));
        Travel.Equal(new Dictionary<(int, string), List<int>> { [(1, "x")] = [1, 2] });
        Travel.Equal(new Hashtable { ["a"] = 1, [2] = null });
    }

    [Fact]
    public void ImmutableAndFrozenCollectionsSurvive()
    {
        Travel.Equal(ImmutableArray.Create(Words));
        Assert.True(Travel.RoundTrip(default(ImmutableArray<int>)).IsDefault);
        Assert.True(Travel.RoundTrip<ImmutableArray<int>?>(default(ImmutableArray<int>))!.Value.IsDefault);
        Travel.Equal(ImmutableList.Create(Words));
        Travel.Equal(ImmutableQueue.Create(Words));
        Travel.Equal(ImmutableStack.Create(Words));
        Travel.Equal(ImmutableHashSet.Create(1, 2, 3));
        Travel.Equal(ImmutableSortedSet.Create(3, 1, 2));
        Travel.Equal(ImmutableDictionary<string, int>.Empty.Add("a", 1));
        Travel.Equal(ImmutableSortedDictionary<string, int>.Empty.Add("b", 1).Add("a", 2));
        Travel.Equal(Words.OfType<string>().ToFrozenSet());
        Travel.Equal(new Dictionary<string, int> { ["a"] = 1 }.ToFrozenDictionary());
        Travel.Equal(new Dictionary<int, int> { [1] = 1 }.ToFrozenDictionary());
    }

    [Fact]
    public void TuplesOfEveryLengthSurvive()
    {
        Travel.Equal(ValueTuple.Create(1));
        Travel.Equal((1, "a"));
        Travel.Equal((1, "a", 2.0, (string?)null, 'x', 6L, 7, 8, 9, (10, 11)));
        Travel.Equal(Tuple.Create(1));
        Travel.Equal(Tuple.Create(1, "a", 2.0, 4, 5, 6, 7, 8));
        Travel.Equal(KeyValuePair.Create("a", 1));
        Assert.Equal([0x92, 1, 0xa1, (byte)'a'], Travel.Bytes((1, "a")));
    }

    [Fact]
    public void CollectionInterfacesTakeWhateverImplementsThem()
    {
        Assert.IsType<List<int>>(Travel.RoundTrip<IEnumerable<int>>(new List<int> { 1 }));
        Assert.IsType<int[]>(Travel.RoundTrip<IReadOnlyList<int>>([1]).ToArray());
        Assert.IsType<HashSet<int>>(Travel.RoundTrip<ISet<int>>(new HashSet<int> { 1 }));
        Assert.IsType<SortedSet<int>>(Travel.RoundTrip<IReadOnlySet<int>>(new SortedSet<int> { 1 }));
        Assert.IsType<Dictionary<int, int>>(Travel.RoundTrip<IReadOnlyDictionary<int, int>>(new Dictionary<int, int> { [1] = 2 }));
        Assert.IsType<SortedList<int, int>>(Travel.RoundTrip<IDictionary<int, int>>(new SortedList<int, int> { [1] = 2 }));
        Assert.IsType<int[]>(Travel.RoundTrip<IList>(new[] { 1 }));
        Assert.Equal(Travel.Bytes<int[]>([1, 2]), Travel.Bytes<IEnumerable<int>>(new List<int> { 1, 2 }));
    }

    [Fact]
    public void LazySequencesAreRunAndArriveAsLists()
    {
        int[] numbers = [3, 1, 2];
        Assert.Equal([6, 2, 4], Assert.IsType<List<int>>(Travel.RoundTrip<IEnumerable<int>>(numbers.Select(n => n * 2))));
        Assert.Equal([1, 2], Assert.IsType<List<int>>(Travel.RoundTrip<object>(Counting(2))));
        Assert.Equal([1, 2, 3], Travel.RoundTrip<IOrderedEnumerable<int>>(numbers.OrderBy(n => n)));
        Assert.Equal([3, 2], Travel.RoundTrip(numbers.AsQueryable().Where(n => n > 1)));
        Assert.Equal([1, 2, 3, 4, 5], Travel.RoundTrip(Enumerable.Range(1, 5)));
        Assert.Equal(["a"], Travel.RoundTrip<IEnumerable<string>>(new Dictionary<string, int> { ["a"] = 1 }.Keys));

        var groups = Travel.RoundTrip(Words.GroupBy(word => word == "a"));
        Assert.Equal([(false, 3), (true, 2)], groups.Select(group => (group.Key, group.Count())));
        Assert.Equal(["a", "a"], Travel.RoundTrip(Words.ToLookup(word => word))["a"]);

        static IEnumerable<int> Counting(int to)
        {
            for (var i = 1; i <= to; i++)
            {
                yield return i;
            }
        }
    }

    [Fact]
    public void JsonSurvives()
    {
        var element = JsonDocument.Parse("""{"a":[1,null,"x"]}""").RootElement;
        Assert.Equal(element.GetRawText(), Travel.RoundTrip(element).GetRawText());
        Assert.Equal(JsonValueKind.Undefined, Travel.RoundTrip(default(JsonElement)).ValueKind);
        Assert.Equal("""{"a":[1,null]}""", Travel.RoundTrip<JsonNode>(JsonNode.Parse("""{"a":[1,null]}""")!).ToJsonString());
        Assert.Equal("5", Travel.RoundTrip<JsonNode>(JsonValue.Create(5)).ToJsonString());
    }

    [Fact]
    public void KnownComparersSurvive()
    {
        Assert.True(Travel.RoundTrip(new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["A"] = 1 }).ContainsKey("a"));
        Assert.Contains("ä", Travel.RoundTrip(new HashSet<string>(StringComparer.InvariantCultureIgnoreCase) { "Ä" }));
        Assert.Equal(["B", "a"], Travel.RoundTrip(new SortedSet<string>(StringComparer.Ordinal) { "a", "B" }));
        Assert.Equal(["a", "B"], Travel.RoundTrip(new SortedSet<string> { "a", "B" }));
        Assert.True(
            Travel
                .RoundTrip(new SortedDictionary<string, int>(StringComparer.Create(new("tr-TR"), ignoreCase: true)) { ["I"] = 1 })
                .ContainsKey("ı")
        );
        Assert.True(
            Travel.RoundTrip(new ConcurrentDictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["A"] = 1 }).ContainsKey("a")
        );
        Assert.True(
            Travel.RoundTrip(ImmutableDictionary.Create<string, int>(StringComparer.OrdinalIgnoreCase).Add("A", 1)).ContainsKey("a")
        );
        Assert.Contains("a", (ISet<string>)Travel.RoundTrip(new[] { "A" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase)));
        Assert.True(Travel.RoundTrip(new Hashtable(StringComparer.OrdinalIgnoreCase) { ["A"] = 1 }).ContainsKey("a"));
        Assert.Same(ReferenceEqualityComparer.Instance, Travel.RoundTrip(new HashSet<object>(ReferenceEqualityComparer.Instance)).Comparer);
        Assert.Equal([3, 2, 1], Travel.RoundTrip(new SortedSet<int>(new Descending(1)) { 1, 2, 3 }));
    }

    private sealed class Descending(int sign) : IComparer<int>
    {
        public int Compare(int x, int y) => sign * y.CompareTo(x);
    }
}
