using System.Buffers;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values.Gates;

/// <summary>Lazy values arrive with their value where they have one, and with the code that makes it where they do not.</summary>
public class LazyTests
{
    private static readonly ValueSerializer ToAWorker = new(
        TypeNames.OfThisProcess,
        new() { WritesDelegates = true, ReadsDelegates = true }
    );

    [Fact]
    public void AValueThatHasBeenMadeArrivesAndIsNotMadeAgain()
    {
        var runs = 0;
        var lazy = new Lazy<List<int>>(() => [++runs, 2]);
        _ = lazy.Value;

        var there = Travel.RoundTrip(lazy);

        Assert.True(there.IsValueCreated);
        Assert.Equal([1, 2], there.Value);
        Assert.Equal(1, runs);
        Assert.Equal("x", (Travel.RoundTrip<object>(new Lazy<string>("x")) as Lazy<string>)!.Value);
        Assert.Null(Travel.RoundTrip(new Lazy<string?>((string?)null)).Value);
        Assert.Equal(3, Travel.RoundTrip(new Box { Items = [new Lazy<int>(3)] }).Items[0].Value);
    }

    [Theory]
    [InlineData(LazyThreadSafetyMode.None)]
    [InlineData(LazyThreadSafetyMode.PublicationOnly)]
    [InlineData(LazyThreadSafetyMode.ExecutionAndPublication)]
    public void AValueThatHasNotBeenMadeIsMadeThere(LazyThreadSafetyMode mode)
    {
        var start = 41;
        var lazy = new Lazy<int>(() => start + 1, mode);

        var there = ToWorker(lazy);

        Assert.False(there.IsValueCreated);
        Assert.Equal(mode, ModeOf(there));
        Assert.Equal(42, there.Value);
        Assert.False(lazy.IsValueCreated);
        Assert.Equal(mode, ModeOf(ToWorker(new Lazy<Box>(mode))));
        Assert.Empty(ToWorker(new Lazy<Box>(mode)).Value.Items);
    }

    [Fact]
    public void ALazyValueThatItsOwnFactoryLeadsToIsOneObject()
    {
        var owner = new Owner("x");
        var lazy = owner.Name;

        Assert.Equal("x!", ToWorker(owner).Name.Value);
        Assert.Equal("x!", ToWorker(lazy).Value);
        var (first, second) = ToWorker((lazy, owner));
        Assert.Same(first, second.Name);

        var chain = new Chain();
        chain.Next = new(chain);
        var there = Travel.RoundTrip(chain.Next);
        Assert.Same(there, there.Value.Next);
    }

    [Fact]
    public async Task ALazyTaskIsStartedThereUnlessItRunsHere()
    {
        var lazy = new Lazy<Task<int>>(() => Task.FromResult(5));
        ValueSerializer.EnsureCanBeSent(typeof(Lazy<Task<int>>));
        Assert.Contains(
            "Await it",
            Assert.Throws<NotSendableException>(() => ValueSerializer.EnsureCanBeSent(typeof(Lazy<Task<int>>), isResult: true)).Suggestion,
            StringComparison.Ordinal
        );

        Assert.Equal(5, await ToWorker(lazy).Value);
        Assert.Equal(5, await lazy.Value);
        Assert.Contains("Await it", Assert.Throws<NotSendableException>(() => Bytes(lazy)).Suggestion, StringComparison.Ordinal);
    }

    [Fact]
    public void AValueThatHasNotBeenMadeDoesNotComeBack()
    {
        var error = Assert.Throws<NotSendableException>(() => Travel.Bytes(new Box { Items = [new Lazy<int>(1), new Lazy<int>(() => 1)] }));
        Assert.Equal(("Items[1]", "Read its Value first"), (error.Path, error.Suggestion));
        Assert.Contains(
            "does not come back",
            Assert.Throws<NotSendableException>(() => Travel.Bytes(new Lazy<Box>())).Reason,
            StringComparison.Ordinal
        );
        foreach (var lazy in new object[] { new Lazy<int>(() => 1), new Lazy<Box>() })
        {
            Assert.Contains(
                "only data",
                Assert.Throws<ProtocolException>(() => Travel.Read<object>(Bytes(lazy))).Message,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void WhatItsFactoryCannotBringAlongIsNamed()
    {
        var stream = new MemoryStream();
        var error = Assert.Throws<NotSendableException>(() => Bytes(new Lazy<long>(() => stream.Length)));
        Assert.Equal(typeof(Lazy<long>), error.Type);
        Assert.Contains("'stream' of its factory cannot be sent to a worker: a stream is open", error.Reason, StringComparison.Ordinal);
        Assert.StartsWith("Read its Value first", error.Suggestion, StringComparison.Ordinal);

        var made = new Lazy<MemoryStream>(stream);
        Assert.Equal("Value", Assert.Throws<NotSendableException>(() => Bytes(made)).Path);
    }

    [Fact]
    public void ALazyValueThatFailedOrIsBeingMadeIsRefused()
    {
        var failed = new Lazy<int>(() => throw new InvalidOperationException("no"));
        Assert.Throws<InvalidOperationException>(() => failed.Value);
        Assert.Contains("could not be made", Assert.Throws<NotSendableException>(() => Bytes(failed)).Reason, StringComparison.Ordinal);

        Exception? error = null;
        Lazy<int>? running = null;
        running = new(() =>
        {
            error = Record.Exception(() => Bytes(running!));
            return 1;
        });
        _ = running.Value;
        Assert.Contains("being made", Assert.IsType<NotSendableException>(error).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ClassesDerivedFromItAndLazyPartsWithMetadataAreRefusedByName()
    {
        Assert.Contains(
            "derived from 'System.Lazy",
            Assert.Throws<NotSendableException>(() => Bytes(new OwnLazy())).Reason,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Metadata",
            Assert.Throws<NotSendableException>(() => Bytes<object>(new Lazy<int, string>(() => 1, "x"))).Suggestion,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Metadata",
            Assert.Throws<NotSendableException>(() => Bytes<Lazy<int>>(new Lazy<int, string>(() => 1, "x"))).Suggestion,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ForgedBytesAreAProtocolException()
    {
        foreach (
            byte[] bytes in (byte[][])
                [
                    [0x92, 3, 0],
                    [0x93, 0, 0, 0],
                    [0x91, 0],
                    [0x92, 1, 0],
                    [0x93, 1, 9, 0xc0],
                    [0x93, 1, 0, 0xc0],
                ]
        )
        {
            Assert.Throws<ProtocolException>(() => ToAWorker.Read(new ReadOnlySequence<byte>(bytes), typeof(Lazy<int>)));
        }
    }

    private static LazyThreadSafetyMode? ModeOf<T>(Lazy<T> lazy) =>
        (LazyThreadSafetyMode?)
            typeof(Lazy<T>)
                .GetProperty("Mode", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!
                .GetValue(lazy);

    private static byte[] Bytes<T>(T value)
    {
        var output = new ArrayBufferWriter<byte>();
        ToAWorker.Write(output, typeof(T), value);
        return output.WrittenSpan.ToArray();
    }

    private static T ToWorker<T>(T value) => (T)ToAWorker.Read(new ReadOnlySequence<byte>(Bytes(value)), typeof(T))!;

    public sealed class Box
    {
        public List<Lazy<int>> Items { get; init; } = [];
    }

    private sealed class Owner
    {
        private readonly string _name;

        public Owner(string name)
        {
            _name = name;
            Name = new(() => _name + "!");
        }

        public Lazy<string> Name { get; }
    }

    private sealed class Chain
    {
        public Lazy<Chain>? Next { get; set; }
    }

    private sealed class OwnLazy() : Lazy<int>(1);
}
