using System.Runtime.Serialization;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values.Contracts;

/// <summary>A type whose own code rebuilds what it leaves out keeps its contract.</summary>
public class CallbackTests
{
    private static readonly List<string> Calls = [];

    [Fact]
    public void AnIndexThatACallbackRebuildsIsThere()
    {
        for (var i = 0; i < Travel.Rounds; i++)
        {
            var there = Travel.RoundTrip<object>(new Index("a", "bb"));
            Assert.Equal(1, ((Index)there).PlaceOf("bb"));
            Assert.Null(((Index)there).Client);
            Assert.Equal(1, Travel.RoundTrip(new DerivedIndex("a", "bb")).PlaceOf("bb"));
        }
    }

    [Fact]
    public void CallbacksRunBaseFirstAroundTheFields()
    {
        Calls.Clear();
        var there = Travel.RoundTrip(
            new Traced
            {
                Base = "b",
                Own = "o",
                Inner = new(),
            }
        );
        Assert.Equal(
            [
                "base serializing b",
                "own serializing o",
                "inner serializing",
                "own serialized o",
                "own deserializing ",
                "inner deserialized",
                "own deserialized o",
                "inner at the end",
                "own at the end",
            ],
            Calls
        );
        Assert.Equal(("b", "o", null), (there.Base, there.Own, there.LeftOut));
    }

    [Fact]
    public void ADataContractWithCallbacksSendsItsMembersOnly()
    {
        var there = Travel.RoundTrip(
            new Contract
            {
                Member = 1,
                Other = 2,
                Ignored = 3,
            }
        );
        Assert.Equal((1, 0, 0, 10), (there.Member, there.Other, there.Ignored, there.Rebuilt));
    }

    [Fact]
    public void TheStateBehindAComputedDataMemberIsSent() =>
        Assert.Equal([1, 2], Travel.RoundTrip(new ComputedMember { Items = [1, 2] }).Items);

    [Fact]
    public void StructsAndCollectionsOfAUserHaveCallbacksToo()
    {
        Assert.Equal((2, 4), (Travel.RoundTrip(new Doubled { Value = 2 }).Value, Travel.RoundTrip(new Doubled { Value = 2 }).Twice));
        Assert.Equal(
            (2, 4),
            (Travel.RoundTrip<object>(new Doubled { Value = 2 }) is Doubled { Value: 2, Twice: var twice } ? (2, twice) : default)
        );
        var list = Travel.RoundTrip(new Summed { 1, 2 });
        Assert.Equal("1 2: 3", $"{string.Join(' ', list)}: {list.Sum}");
    }

    [Fact]
    public void AnObjectOfACycleIsTheSameInItsCallbacks()
    {
        var node = new Cyclic();
        node.Self = node;
        var there = Travel.RoundTrip(node);
        Assert.True(there.WasWhole);
        Assert.Same(there, there.Self);
    }

    [Fact]
    public void ACallbackThatThrowsIsNamed()
    {
        var refused = Assert.Throws<NotSendableException>(() => Travel.Bytes(new[] { new ThrowsOnWrite() }));
        Assert.Equal("[0]", refused.Path);
        Assert.Contains("its method 'Break' threw 'System.InvalidOperationException': no", refused.Reason, StringComparison.Ordinal);

        var bytes = Travel.Bytes(new ThrowsOnRead());
        Assert.Contains(
            "'Break' of the type",
            Assert.Throws<ProtocolException>(() => Travel.Read<ThrowsOnRead>(bytes)).Message,
            StringComparison.Ordinal
        );
        bytes = Travel.Bytes(new ThrowsAtTheEnd());
        Assert.Contains(
            "OnDeserialization",
            Assert.Throws<ProtocolException>(() => Travel.Read<ThrowsAtTheEnd>(bytes)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ACallbackOfAnotherFormIsRefused() =>
        Assert.Contains(
            "StreamingContext",
            Assert.Throws<NotSendableException>(() => Travel.Bytes(new WithoutContext())).Suggestion,
            StringComparison.Ordinal
        );

    private class Index
    {
        private readonly string[] _words;

        [NonSerialized]
        private Dictionary<string, int> _places = [];

        [NonSerialized]
        private readonly HttpClient? _client = new();

        public Index(params string[] words)
        {
            _words = words;
            Rebuild(default);
        }

        public HttpClient? Client => _client;

        public int PlaceOf(string word) => _places[word];

        [OnDeserialized]
        private void Rebuild(StreamingContext context) => _places = _words.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
    }

    private sealed class DerivedIndex(params string[] words) : Index(words);

    private class TracedBase
    {
        public string? Base;

        [OnSerializing]
        private void Before(StreamingContext context) => Calls.Add($"base serializing {Base}");
    }

    private sealed class Traced : TracedBase, IDeserializationCallback
    {
        public string? Own;
        public TracedInner? Inner;

        [NonSerialized]
        public string? LeftOut = "left out";

        [OnSerializing]
        private void Before(StreamingContext context) => Calls.Add($"own serializing {Own}");

        [OnSerialized]
        private void After(StreamingContext context) => Calls.Add($"own serialized {Own}");

        [OnDeserializing]
        private void BeforeReading(StreamingContext context) => Calls.Add($"own deserializing {Own}");

        [OnDeserialized]
        private void AfterReading(StreamingContext context) => Calls.Add($"own deserialized {Own}");

        void IDeserializationCallback.OnDeserialization(object? sender) => Calls.Add("own at the end");
    }

    private sealed class TracedInner : IDeserializationCallback
    {
        [OnSerializing]
        private void Before(StreamingContext context) => Calls.Add("inner serializing");

        [OnDeserialized]
        private void AfterReading(StreamingContext context) => Calls.Add("inner deserialized");

        void IDeserializationCallback.OnDeserialization(object? sender) => Calls.Add("inner at the end");
    }

    [DataContract]
    private sealed class Contract
    {
        [DataMember(Order = 3)]
        public int Member { get; set; }

        public int Other { get; set; }

        [DataMember]
        [IgnoreDataMember]
        public int Ignored { get; set; }

        public int Rebuilt { get; set; }

        [OnDeserialized]
        private void Rebuild(StreamingContext context) => Rebuilt = Member * 10;
    }

    [DataContract]
    private sealed class ComputedMember
    {
        private int[] _items = [];

        [DataMember]
        public int[] Items
        {
            get => [.. _items];
            set => _items = [.. value];
        }

        [OnDeserialized]
        private void Check(StreamingContext context) => _ = _items.Length;
    }

    private struct Doubled
    {
        public int Value;

        [NonSerialized]
        public int Twice;

        [OnDeserialized]
        private void Rebuild(StreamingContext context) => Twice = Value * 2;
    }

    private sealed class Summed : List<int>, IDeserializationCallback
    {
        [NonSerialized]
        private int _sum;

        public int Sum => _sum;

        public void OnDeserialization(object? sender) => _sum = this.Sum();
    }

    private sealed class Cyclic
    {
        public Cyclic? Self;

        [NonSerialized]
        public bool WasWhole;

        [OnDeserialized]
        private void Check(StreamingContext context) => WasWhole = Self == this;
    }

    private sealed class ThrowsOnWrite
    {
        [OnSerializing]
        private void Break(StreamingContext context) => throw new InvalidOperationException("no");
    }

    private sealed class ThrowsOnRead
    {
        [OnDeserialized]
        private void Break(StreamingContext context) => throw new InvalidOperationException("no");
    }

    private sealed class ThrowsAtTheEnd : IDeserializationCallback
    {
        public void OnDeserialization(object? sender) => throw new InvalidOperationException("no");
    }

    private sealed class WithoutContext
    {
        [OnDeserialized]
        private void Rebuild() { }
    }
}
