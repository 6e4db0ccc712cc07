using System.Buffers;
using System.Collections;
using System.Collections.Immutable;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values;

public class ReferenceTests
{
    [Fact]
    public void OneObjectInTwoPlacesIsOneObjectAfterwards()
    {
        for (var i = 0; i < Travel.Rounds; i++)
        {
            var shared = new Node { Name = "shared" };
            var there = Travel.RoundTrip(new Node { Left = shared, Right = shared });
            Assert.Same(there.Left, there.Right);
        }
    }

    [Fact]
    public void EqualObjectsStayTwoObjects()
    {
        var there = Travel.RoundTrip(new List<int>[] { [1], [1] });
        Assert.NotSame(there[0], there[1]);
    }

    [Fact]
    public void CyclesSurviveThroughObjectsListsArraysAndDictionaries()
    {
        var node = new Node();
        node.Left = node;
        node.Any = new Dictionary<string, object> { ["node"] = node };
        node.Many = [node, new() { Left = node }];
        object[] array = [node, null!];
        array[1] = array;
        node.Right = new() { Any = array };

        var there = Travel.RoundTrip(node);
        Assert.Same(there, there.Left);
        Assert.Same(there, ((Dictionary<string, object>)there.Any!)["node"]);
        Assert.Same(there, there.Many![0]);
        Assert.Same(there, there.Many[1].Left);
        var thereArray = (object[])there.Right!.Any!;
        Assert.Same(thereArray, thereArray[1]);
        Assert.Same(there, thereArray[0]);
    }

    [Fact]
    public void ACollectionMayContainItself()
    {
        var list = new List<object>();
        list.Add(list);
        Assert.Same(Travel.RoundTrip(list) is var there ? there : null, there[0]);

        var untyped = new ArrayList();
        untyped.Add(untyped);
        Assert.Same(Travel.RoundTrip(untyped) is var thereToo ? thereToo : null, thereToo[0]);

        var tuple = Tuple.Create(new object[1]);
        tuple.Item1[0] = tuple;
        var thereTuple = Travel.RoundTrip(tuple);
        Assert.Same(thereTuple, thereTuple.Item1[0]);
    }

    [Fact]
    public void ACycleThroughAnImmutableCollectionIsRefused()
    {
        var array = new object[1];
        var list = ImmutableList<object>.Empty.Add(array);
        array[0] = list;
        var error = Assert.Throws<NotSendableException>(() => Travel.Bytes(list));
        Assert.Equal("[0][0]", error.Path);
        Assert.Contains("Break the cycle", error.Suggestion, StringComparison.Ordinal);
    }

    [Fact]
    public void ArgumentsShareTheirObjects()
    {
        var shared = new Node();
        var output = new ArrayBufferWriter<byte>();
        Travel.Serializer.WriteAll(output, [typeof(Node), typeof(object), typeof(int)], [shared, shared, 5]);
        var there = Travel.Serializer.ReadAll(
            new ReadOnlySequence<byte>(output.WrittenMemory),
            [typeof(Node), typeof(object), typeof(int)]
        );
        Assert.Same(there[0], there[1]);
        Assert.Equal(5, there[2]);
        Assert.Throws<ProtocolException>(() => Travel.Serializer.ReadAll(new ReadOnlySequence<byte>(output.WrittenMemory), [typeof(Node)]));
    }

    [Fact]
    public void AMessageWithoutRepeatsCarriesNothingForReferences()
    {
        Assert.Equal(
            [0x92, 0x91, 1, 0x91, 1],
            Travel.Bytes<int[][]>([
                [1],
                [1],
            ])
        );
        int[] one = [1];
        Assert.Equal([0x92, 0x91, 1, 0xd4, (byte)ExtensionCodes.Reference, 1], Travel.Bytes<int[][]>([one, one]));
    }

    [Fact]
    public void ThousandsOfSharedObjectsSurviveAcrossManyBuffers()
    {
        var random = Printed.Random(nameof(ThousandsOfSharedObjectsSurviveAcrossManyBuffers));
        var nodes = Enumerable.Range(0, 20_000).Select(i => new Node { Name = $"node {i}" }).ToArray();
        var picks = Enumerable.Range(0, 60_000).Select(_ => random.Next(nodes.Length)).ToArray();
        var there = Travel.RoundTrip(picks.Select(pick => nodes[pick]).ToArray());
        var seen = new Dictionary<int, Node>();
        for (var i = 0; i < picks.Length; i++)
        {
            Assert.Same(seen.TryGetValue(picks[i], out var node) ? node : seen[picks[i]] = there[i], there[i]);
            Assert.Equal($"node {picks[i]}", there[i].Name);
        }
    }

    [Fact]
    public void SerializingFromWithinALazySequenceDoesNotDisturbTheOuterMessage()
    {
        var shared = new Node();
        var sequence = Enumerable
            .Range(0, 3)
            .Select(i =>
            {
                Travel.Bytes<object[]>([shared, shared, typeof(Node)]);
                return shared;
            });
        var there = Travel.RoundTrip<IEnumerable<Node>>(sequence).ToArray();
        Assert.Same(there[0], there[2]);
    }

    [Fact]
    public void OneSerializerServesManyThreads() =>
        Parallel.For(
            0,
            64,
            i =>
            {
                var serializer = i % 2 == 0 ? Travel.Serializer : new ValueSerializer(TypeNames.OfThisProcess);
                for (var j = 0; j < 50; j++)
                {
                    var node = new Node { Name = $"{i}/{j}" };
                    node.Many = [node, new() { Any = (i, j) }];
                    var output = new ArrayBufferWriter<byte>();
                    serializer.Write(output, typeof(Node), node);
                    var there = (Node)serializer.Read(new ReadOnlySequence<byte>(output.WrittenMemory), typeof(Node))!;
                    Assert.Same(there, there.Many![0]);
                    Assert.Equal((i, j), there.Many[1].Any);
                }
            }
        );

    private sealed class Node
    {
        public string? Name;
        public Node? Left;
        public Node? Right;
        public object? Any;
        public List<Node>? Many;
    }
}
