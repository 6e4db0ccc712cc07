using System.Runtime.Serialization;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values.Contracts;

/// <summary>Without code that rebuilds what they leave out, serialization attributes leave nothing out.</summary>
public class AttributeTests
{
    [Fact]
    public void FieldsThatAreMarkedToBeLeftOutAreSentWhereNothingRebuildsThem()
    {
        for (var i = 0; i < Travel.Rounds; i++)
        {
            var there = Travel.RoundTrip(
                new Marked
                {
                    Kept = 1,
                    Ignored = 2,
                    NotSerialized = 3,
                }
            );
            Assert.Equal((1, 2, 3), (there.Kept, there.Ignored, there.NotSerialized));
            Assert.Equal(4, Travel.RoundTrip(new MarkedStruct { NotSerialized = 4 }).NotSerialized);
            Assert.Equal(5, Travel.RoundTrip(new MarkedList { 1 }.With(5)).NotSerialized);
        }
    }

    [Fact]
    public void ADataContractHidesNothing()
    {
        var there = Travel.RoundTrip(
            new Ordered
            {
                First = 7,
                Third = "b",
                Other = "not a member",
            }
        );
        Assert.Equal((7, "b", "not a member"), (there.First, there.Third, there.Other));
        Assert.Equal(8, Travel.RoundTrip(new Clashing { A = 3, B = 5 }).Sum);
        Assert.Equal(7, Travel.RoundTrip(new Computed { Value = 7 }).Value);
    }

    [Fact]
    public void AMarkedFieldThatCannotBeSentIsRefusedByItsPath()
    {
        var refused = Assert.Throws<NotSendableException>(() => Travel.Bytes(new WithClient()));
        Assert.Equal("Client", refused.Path);
        Assert.Contains("Create the HttpClient inside the body", refused.Suggestion, StringComparison.Ordinal);
    }

    private sealed class Marked
    {
        [NonSerialized]
        public int NotSerialized;

        public int Kept { get; set; }

        [IgnoreDataMember]
        public int Ignored { get; set; }
    }

    private struct MarkedStruct
    {
        [NonSerialized]
        public int NotSerialized;
    }

    private sealed class MarkedList : List<int>
    {
        [NonSerialized]
        public int NotSerialized;

        public MarkedList With(int value)
        {
            NotSerialized = value;
            return this;
        }
    }

    [DataContract]
    private sealed class Ordered
    {
        [DataMember(Order = 2)]
        public string? Third { get; set; }

        [DataMember(Order = 0)]
        public int First { get; set; }

        public string? Other { get; set; }
    }

    [DataContract]
    private sealed class Clashing
    {
        [DataMember(Name = "n", Order = 1)]
        public int A { get; set; }

        [DataMember(Name = "n", Order = 1)]
        public int B { get; set; }

        public int Sum => A + B;
    }

    [DataContract]
    private sealed class Computed
    {
        private int _value;

        [DataMember]
        public int Value
        {
            get => _value + 1;
            set => _value = value - 1;
        }
    }

    private sealed class WithClient
    {
        [NonSerialized]
        public HttpClient Client = new();
    }
}
