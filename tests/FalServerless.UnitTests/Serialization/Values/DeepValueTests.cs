using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values;

[Collection(nameof(DeepStacks))]
public class DeepValueTests
{
    private const int Deep = 20_000;

    private static readonly ValueSerializer Shallow = new(TypeNames.OfThisProcess, new() { DeepestDepth = 1000 });

    [Fact]
    public void DeepTreesOfAnyKindArrive()
    {
        Record? records = null;
        object? lists = null;
        object? maps = null;
        for (var i = 0; i < Deep; i++)
        {
            records = new(i, records);
            lists = new List<object?> { lists };
            maps = new Dictionary<string, object?> { ["x"] = maps };
        }

        Assert.Equal(Deep, Depth(Travel.RoundTrip(records), record => record.Next));
        Assert.Equal(Deep, Depth(Travel.RoundTrip(lists), list => ((List<object?>)list)[0]));
        Assert.Equal(Deep, Depth(Travel.RoundTrip(maps), map => ((Dictionary<string, object?>)map)["x"]));
    }

    [Fact]
    public void IdentityHoldsInDeepValuesToo()
    {
        var ring = new Node();
        var last = ring;
        for (var i = 1; i < Deep; i++)
        {
            last = last.Next = new();
        }

        last.Next = ring;

        var there = Travel.RoundTrip(ring);

        var at = there;
        for (var i = 0; i < Deep; i++)
        {
            at = at!.Next;
        }

        Assert.Same(there, at);
    }

    [Fact]
    public void ValuesWrittenTogetherAreWrittenTogetherWhenOneIsDeep()
    {
        Record? records = null;
        for (var i = 0; i < Deep; i++)
        {
            records = new(i, records);
        }

        var output = new SegmentedBuffer();
        Travel.Serializer.WriteAll(output, [typeof(int), typeof(Record), typeof(Record)], [7, records, records]);
        var there = Travel.Serializer.ReadAll(output.Written, [typeof(int), typeof(Record), typeof(Record)]);

        Assert.Equal(7, there[0]);
        Assert.Same(there[1], there[2]);
        Assert.Equal(Deep, Depth((Record?)there[1], record => record.Next));
    }

    [Fact]
    public void ALazySequenceRunsOnceHoweverDeepItsItemsAre()
    {
        var runs = 0;
        Record? records = null;
        for (var i = 0; i < Deep; i++)
        {
            records = new(i, records);
        }

        var there = Travel.RoundTrip(new[] { records }.Select(record => (Runs: ++runs, record)));

        Assert.Equal(Deep, Depth(there.Single().record, record => record.Next));
        Assert.Equal(1, runs);
    }

    [Fact]
    public void WhatIsDeeperThanTheLimitIsRefusedByBothSides()
    {
        Record? records = null;
        for (var i = 0; i <= 1000; i++)
        {
            records = new(i, records);
        }

        var error = Assert.Throws<NotSendableException>(() => Shallow.Write(new ArrayBufferWriter<byte>(), typeof(Record), records));
        Assert.Contains("deeper than 1,000 values", error.Reason, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 1, 500);
        var bytes = Travel.Bytes(records);
        Assert.Contains(
            "deeper than 1000",
            Assert.Throws<ProtocolException>(() => Shallow.Read(new(bytes), typeof(Record))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AChainOf100000ArrivesAndALongerOneIsRefusedInAShortMessage()
    {
        Node? chain = null;
        for (var i = 0; i < 100_000; i++)
        {
            chain = new() { Next = chain };
        }

        var there = Travel.RoundTrip(chain);

        var length = 0;
        for (; there is not null; there = there.Next)
        {
            length++;
        }

        Assert.Equal(100_000, length);
        for (var i = 0; i <= 100_000; i++)
        {
            chain = new() { Next = chain };
        }

        var error = Assert.Throws<NotSendableException>(() => Travel.Bytes(chain));
        Assert.Contains("deeper than 200,000 values", error.Reason, StringComparison.Ordinal);
        Assert.Equal("Next.Next.Next.Next.Next.Next.Next.Next.Next.Next.Next.Next.….Next.Next.Next.Next", error.Path);
    }

    [Fact]
    public void AHostileMessageOfAnyDepthIsAProtocolError()
    {
        // Lists in a slot of type object, each typed and each the only item of the one around it.
        var level = Travel.Bytes<object>(new List<object?> { null })[..^1];
        var rest = Travel.Bytes<object>(new List<object?> { new List<object?>() })[level.Length..^1];
        foreach (var depth in new[] { 1_000, 150_000, 1_000_000 })
        {
            byte[] lists = [.. level, .. Enumerable.Repeat((byte[])[.. rest, 0x91], depth).SelectMany(part => part)];
            Assert.Throws<ProtocolException>(() => Travel.Read(lists, typeof(object)));
        }

        byte[] objects = [.. Enumerable.Repeat((byte[])[0x81, 0xa4, .. "Next"u8], 300_000).SelectMany(part => part), 0xc0];
        var error = Assert.Throws<ProtocolException>(() => Travel.Read(objects, typeof(Node)));
        Assert.Contains("deeper", error.Message, StringComparison.Ordinal);
    }

    private static int Depth<T>(T? value, Func<T, T?> next)
        where T : class
    {
        var depth = 0;
        for (; value is not null; value = next(value))
        {
            depth++;
        }

        return depth;
    }

    // Its own Equals would be as deep as it is.
    private sealed record Record(int Value, Record? Next);

    private sealed class Node
    {
        public Node? Next;
    }
}
