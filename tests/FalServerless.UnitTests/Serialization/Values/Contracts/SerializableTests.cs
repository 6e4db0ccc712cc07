using System.Collections;
using System.Runtime.Serialization;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values.Contracts;

#pragma warning disable SYSLIB0050, SYSLIB0051 // Users' types still have these contracts, so they are what is tested.

/// <summary>A type that implements ISerializable gives and takes its state itself.</summary>
public class SerializableTests
{
    [Fact]
    public void GetObjectDataAndTheConstructorRebuildTheObject()
    {
        for (var i = 0; i < Travel.Rounds; i++)
        {
            var there = (Money)Travel.RoundTrip<object>(new Money(12.5m, "EUR"));
            Assert.Equal((12.5m, "EUR", true), (there.Amount, there.Currency, there.WasRebuilt));
            Assert.Equal(3, Travel.RoundTrip(new Meters(3)).Value);
        }
    }

    [Fact]
    public void CyclesKeepTheirIdentity()
    {
        var parent = new Node { Name = "parent" };
        parent.Children.Add(new() { Name = "child", Parent = parent });
        var there = Travel.RoundTrip(parent);
        Assert.Equal("child", there.Children.Single().Name);
        Assert.Same(there, there.Children.Single().Parent);
    }

    [Fact]
    public void ATypeWithoutTheConstructorIsSentByItsFields()
    {
        var there = Travel.RoundTrip(new WithoutConstructor { Value = 5 });
        Assert.Equal(5, there.Value);
    }

    [Fact]
    public void AnObjectReferenceGivesTheObjectThatTakesItsPlace()
    {
        var there = Travel.RoundTrip(new[] { Level.High, Level.High, Level.Low });
        Assert.Same(Level.High, there[0]);
        Assert.Same(Level.High, there[1]);
        Assert.Same(Level.Low, there[2]);
    }

    [Fact]
    public void AnotherTypesNameInTheInfoIsRefused() =>
        Assert.Contains("SetType", Assert.Throws<NotSendableException>(() => Travel.Bytes(new Renamed())).Reason, StringComparison.Ordinal);

    [Fact]
    public void WhatIsInTheInfoIsRefusedByItsName()
    {
        var refused = Assert.Throws<NotSendableException>(() => Travel.Bytes(new[] { new HoldsClient() }));
        Assert.Equal("[0].client", refused.Path);
    }

    [Fact]
    public void CollectionsWithTheConstructorKeepTheirItems()
    {
        Assert.Equal(1, Travel.RoundTrip(new OldTable { ["a"] = 1 })["a"]);
        var map = Travel.RoundTrip(new OldMap { ["A"] = 1 });
        Assert.Equal(1, map["A"]);
        var list = Travel.RoundTrip(new OldList("t") { 1, 2 });
        Assert.Equal([1, 2], list);
        Assert.Equal("t", list.Tag);
    }

    [Fact]
    public void ForgedBytesAreErrorsOfTheProtocol()
    {
        foreach (
            var (type, bytes) in new[]
            {
                (typeof(Money), Travel.Bytes(new Money(1, "EUR"))),
                (typeof(Node), Travel.Bytes(new Node { Children = { new() } })),
                (typeof(Level), Travel.Bytes(Level.High)),
                (typeof(OldTable), Travel.Bytes(new OldTable { ["a"] = 1 })),
            }
        )
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                for (var bit = 0; bit < 8; bit++)
                {
                    var forged = (byte[])bytes.Clone();
                    forged[i] ^= (byte)(1 << bit);
                    ReadsOrIsRefused(forged, type);
                }

                ReadsOrIsRefused(bytes[..i], type);
            }
        }
    }

    private static void ReadsOrIsRefused(byte[] bytes, Type type)
    {
        try
        {
            Travel.Read(bytes, type);
        }
        catch (ProtocolException)
        {
            // The only error that bytes may cause.
        }
    }

    private sealed class Money : ISerializable
    {
        public Money(decimal amount, string currency) => (Amount, Currency) = (amount, currency);

        private Money(SerializationInfo info, StreamingContext context)
        {
            Amount = info.GetDecimal("amount");
            Currency = info.GetString("currency");
            WasRebuilt = context.State == StreamingContextStates.All;
        }

        public decimal Amount { get; }

        public string? Currency { get; }

        public bool WasRebuilt { get; }

        public void GetObjectData(SerializationInfo info, StreamingContext context)
        {
            info.AddValue("amount", Amount);
            info.AddValue("currency", Currency);
        }
    }

    private readonly struct Meters : ISerializable
    {
        public Meters(int value) => Value = value;

        private Meters(SerializationInfo info, StreamingContext context) => Value = info.GetInt32("m");

        public int Value { get; }

        void ISerializable.GetObjectData(SerializationInfo info, StreamingContext context) => info.AddValue("m", Value);
    }

    private sealed class Node : ISerializable
    {
        public Node() { }

        private Node(SerializationInfo info, StreamingContext context)
        {
            Name = info.GetString("name");
            Parent = (Node?)info.GetValue("parent", typeof(Node));
            Children = (List<Node>)info.GetValue("children", typeof(List<Node>))!;
        }

        public string? Name { get; init; }

        public Node? Parent { get; init; }

        public List<Node> Children { get; } = [];

        public void GetObjectData(SerializationInfo info, StreamingContext context)
        {
            info.AddValue("name", Name);
            info.AddValue("parent", Parent);
            info.AddValue("children", Children);
        }
    }

    private sealed class WithoutConstructor : ISerializable
    {
        public int Value;

        public void GetObjectData(SerializationInfo info, StreamingContext context) => throw new InvalidOperationException("It ran.");
    }

    private sealed class Level : IObjectReference
    {
        private readonly string _name;

        private Level(string name) => _name = name;

        public static Level Low { get; } = new("low");

        public static Level High { get; } = new("high");

        public object GetRealObject(StreamingContext context) =>
            _name == "low" ? Low
            : _name == "high" ? High
            : throw new ArgumentException(_name);
    }

    private sealed class Renamed : ISerializable
    {
        public Renamed() { }

        private Renamed(SerializationInfo info, StreamingContext context) { }

        public void GetObjectData(SerializationInfo info, StreamingContext context) => info.SetType(typeof(Money));
    }

    private sealed class HoldsClient : ISerializable
    {
        public HoldsClient() { }

        private HoldsClient(SerializationInfo info, StreamingContext context) { }

        public void GetObjectData(SerializationInfo info, StreamingContext context)
        {
            using var client = new HttpClient();
            info.AddValue("client", client);
        }
    }

    private sealed class OldTable : Hashtable
    {
        public OldTable() { }

        private OldTable(SerializationInfo info, StreamingContext context)
            : base(info, context) { }
    }

    private sealed class OldMap : Dictionary<string, int>
    {
        public OldMap() { }

        private OldMap(SerializationInfo info, StreamingContext context)
            : base(info, context) { }
    }

    private sealed class OldList : List<int>, ISerializable
    {
        public OldList(string tag) => Tag = tag;

        private OldList(SerializationInfo info, StreamingContext context)
            : base((int[])info.GetValue("items", typeof(int[]))!) => Tag = info.GetString("tag")!;

        public string Tag { get; }

        public void GetObjectData(SerializationInfo info, StreamingContext context)
        {
            info.AddValue("items", ToArray());
            info.AddValue("tag", Tag);
        }
    }
}
