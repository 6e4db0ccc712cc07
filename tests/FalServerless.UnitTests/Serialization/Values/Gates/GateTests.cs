using System.Buffers;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Values;
using FalServerless.Wire;

namespace FalServerless.UnitTests.Serialization.Values.Gates;

/// <summary>What keeps threads apart or has them wait arrives as a new one with the same counts.</summary>
public class GateTests
{
    public static TheoryData<object, string> Refused =>
        new()
        {
            { new AutoResetEvent(true), "without resetting it" },
            { new EventWaitHandle(false, EventResetMode.ManualReset), "handle of this process" },
            { new Mutex(), "Use a Lock" },
            { new Semaphore(1, 1), "Use a SemaphoreSlim" },
            { new ThreadLocal<int>(() => 5), "threads of this process" },
            { new AsyncLocal<int>(_ => { }), "calls a handler" },
            { new Barrier(1, _ => { }), "runs code" },
            { Disposed(new SemaphoreSlim(1)), "disposed" },
            { Disposed(new ManualResetEventSlim(true)), "disposed" },
            { Disposed(new ManualResetEvent(true)), "disposed" },
            { Disposed(new CountdownEvent(1)), "disposed" },
            { Disposed(new CountdownEvent(0)), "disposed" },
            { Disposed(new Barrier(1)), "disposed" },
            { Disposed(new ReaderWriterLockSlim()), "disposed" },
            { new OwnSemaphore(), "derived from 'System.Threading.SemaphoreSlim'" },
            { new OwnEvent(), "handle of this process" },
        };

    [Fact]
    public void AnObjectToLockOnArrivesAsANewOneWhereverItIs()
    {
        var gate = new object();
        Gated gated = new(gate)
        {
            Items = [gate, 1, "x"],
            ByKey = new() { [gate] = gate },
            Pair = (gate, new Nested { Gate = gate }),
        };

        for (var i = 0; i < Travel.Rounds; i++)
        {
            var there = Travel.RoundTrip(gated);

            Assert.Equal(typeof(object), there.Gate.GetType());
            Assert.NotSame(gate, there.Gate);
            Assert.Same(there.Gate, there.Items[0]);
            Assert.Same(there.Gate, there.ByKey[there.Gate]);
            Assert.Same(there.Gate, there.Pair.First);
            Assert.Same(there.Gate, there.Pair.Second.Gate);
        }

        Assert.Equal(typeof(object), Travel.RoundTrip<object>(gate).GetType());
        Assert.NotEqual(typeof(object), Travel.RoundTrip<object>(new Gated(gate)).GetType());
        var (one, other) = Travel.RoundTrip((new object(), new object()));
        Assert.NotSame(one, other);
    }

    [Fact]
    public void ALockThatIsHeldArrivesFree()
    {
        var (simple, slim, old, gate, spin) = (
            new Lock(),
            new ReaderWriterLockSlim(LockRecursionPolicy.SupportsRecursion),
            new ReaderWriterLock(),
            new object(),
            new SpinLock(false)
        );
        var taken = false;
        spin.Enter(ref taken);
        slim.EnterWriteLock();
        old.AcquireWriterLock(1000);
        lock (simple)
        {
            lock (gate)
            {
                var there = Travel.RoundTrip((simple, slim, old, gate, spin));

                Assert.False(there.simple.IsHeldByCurrentThread);
                Assert.False(there.slim.IsWriteLockHeld);
                Assert.Equal(LockRecursionPolicy.SupportsRecursion, there.slim.RecursionPolicy);
                Assert.False(there.old.IsWriterLockHeld);
                Assert.False(Monitor.IsEntered(there.gate));
                Assert.False(there.spin.IsHeld);
                Assert.False(there.spin.IsThreadOwnerTrackingEnabled);
                Assert.True(Travel.RoundTrip(default(SpinLock)).IsThreadOwnerTrackingEnabled);
                Assert.True(there.slim.TryEnterWriteLock(0));
                Assert.True(there.simple.TryEnter());
            }
        }
    }

    [Fact]
    public void CountsArriveAsTheyAre()
    {
        var semaphore = new SemaphoreSlim(2, 3);
        semaphore.Wait(TestContext.Current.CancellationToken);

        var there = Travel.RoundTrip<object>(semaphore) as SemaphoreSlim;
        Assert.Equal(1, there!.CurrentCount);
        Assert.Equal(1, semaphore.CurrentCount);
        there.Release(2);
        Assert.Throws<SemaphoreFullException>(() => there.Release());
        Assert.Equal(int.MaxValue, Travel.RoundTrip(new SemaphoreSlim(0)).Release(int.MaxValue) + int.MaxValue);

        Assert.True(Travel.RoundTrip(new ManualResetEventSlim(true, 7)) is { IsSet: true, SpinCount: 7 });
        Assert.False(Travel.RoundTrip(new ManualResetEventSlim()).IsSet);
        Assert.True(Travel.RoundTrip(new ManualResetEvent(true)).WaitOne(0));
        Assert.False(Travel.RoundTrip(new ManualResetEvent(false)).WaitOne(0));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 3)]
    [InlineData(3, 1)]
    [InlineData(3, 0)]
    [InlineData(3, 5)]
    public void ACountdownGoesOnFromWhereItIs(int initial, int current)
    {
        var countdown = new CountdownEvent(initial);
        if (current > initial)
        {
            countdown.AddCount(current - initial);
        }
        else if (current < initial)
        {
            countdown.Signal(initial - current);
        }

        var there = Travel.RoundTrip(countdown);

        Assert.Equal((initial, current, current == 0), (there.InitialCount, there.CurrentCount, there.IsSet));
        there.Reset();
        Assert.Equal(initial, there.CurrentCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task ABarrierGoesOnFromItsPhase(int phases)
    {
        var token = TestContext.Current.CancellationToken;
        var barrier = new Barrier(1);
        for (var i = 0; i < phases; i++)
        {
            barrier.SignalAndWait(token);
        }

        barrier.AddParticipant();
        var there = Travel.RoundTrip(barrier);
        Assert.Equal((2, 2, phases), (there.ParticipantCount, there.ParticipantsRemaining, there.CurrentPhaseNumber));

        var others = Task.Run(() => Enumerable.Range(0, 3).All(_ => there.SignalAndWait(TimeSpan.FromSeconds(30), token)), token);
        Assert.True(Enumerable.Range(0, 3).All(_ => there.SignalAndWait(TimeSpan.FromSeconds(30), token)));
        Assert.True(await others);
        Assert.Equal(phases + 3, there.CurrentPhaseNumber);
        Assert.Equal(phases + 3, there.AddParticipant());
        Assert.Equal(0, Travel.RoundTrip(new Barrier(0)).ParticipantCount);
    }

    [Fact]
    public async Task ABarrierAtWhichAThreadWaitsIsRefused()
    {
        var barrier = new Barrier(2);
        var waiting = Task.Run(() => barrier.SignalAndWait(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        SpinWait.SpinUntil(() => barrier.ParticipantsRemaining == 1);

        Assert.Contains("wait at it", Assert.Throws<NotSendableException>(() => Travel.Bytes(barrier)).Reason, StringComparison.Ordinal);
        barrier.SignalAndWait(TestContext.Current.CancellationToken);
        await waiting;
    }

    [Fact]
    public void AnAsyncLocalWithoutAValueArrivesAndOneWithAValueIsRefused()
    {
        var (text, number) = (new AsyncLocal<string?>(), new AsyncLocal<int>());
        Assert.Null(Travel.RoundTrip(text).Value);
        Assert.Equal(0, Travel.RoundTrip<object>(number) is AsyncLocal<int> there ? there.Value : -1);

        (text.Value, number.Value) = ("x", 5);
        Assert.Contains(
            "flow of this process",
            Assert.Throws<NotSendableException>(() => Travel.Bytes(text)).Reason,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Pass its Value",
            Assert.Throws<NotSendableException>(() => Travel.Bytes<object>(number)).Suggestion,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void WhatCannotArriveAsItIsHereIsRefusedByName(object gate, string reason)
    {
        var error = Assert.Throws<NotSendableException>(() => Travel.Bytes(gate));
        Assert.Equal(gate.GetType(), error.Type);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal("[0].Gate", Assert.Throws<NotSendableException>(() => Travel.Bytes(new[] { new Nested { Gate = gate } })).Path);
    }

    [Fact]
    public void AnInstanceOfAStaticFieldIsTheSameThereThoughItsGatesAreTakenHere()
    {
        Plain.First.Free.Wait(TestContext.Current.CancellationToken);
        var bytes = Travel.Bytes(Plain.First);
        Plain.First.Free.Release();
        Assert.Same(Plain.First, Travel.Read<Plain>(bytes));

        Assert.Same(Named.First, Travel.RoundTrip(Named.First));
        _ = Named.First.Length.Value;
        Assert.Same(Named.First, Travel.RoundTrip<object>(Named.First));
    }

    [Fact]
    public void AnObjectThatAStaticFieldHoldsIsThatOneWhereItsTypeLeadsToIt()
    {
        for (var i = 0; i < Travel.Rounds; i++)
        {
            var there = Travel.RoundTrip(new Option());
            Assert.False(there.HasValue);
            Assert.Same(there.Tag, there.Tags[0]);
            Assert.NotSame(new Option().Tag, there.Tag);
        }

        Assert.False(Travel.RoundTrip<object[]>([new Option.Part<string>(), 1]) is [Option.Part<string> { IsWhole: true }, _]);
        Assert.False(Travel.RoundTrip(new Generic<int>.Inner()).HasValue);
        Assert.NotSame(Option.Missing, Travel.RoundTrip(Option.Missing));
    }

    [Fact]
    public void BytesCannotNameAStaticFieldOfATypeThatTheyHaveNoValueOf()
    {
        var named = Travel.Bytes<object>(new object[] { new Option(), Option.Missing });
        Assert.Same(Option.Missing, ((object[])Travel.Read<object>(named))[1]);

        // The same field, without the object that leads to it.
        var alone = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(new CountedOutput(alone));
        var session = WriteSession.Rent(new(), TypeNames.OfThisProcess, ValueLimits.Default, ClosureFieldUsage.All);
        session.AddGates(StaticGates.Find(typeof(Option))!);
        session.WriteOther(ref writer, Option.Missing, typeof(object), expected: null);
        writer.Flush();
        session.Return();
        Assert.Throws<ProtocolException>(() => Travel.Read<object>(alone.WrittenSpan.ToArray()));
    }

    private static T Disposed<T>(T value)
        where T : IDisposable
    {
        value.Dispose();
        return value;
    }

    private sealed class Gated(object gate)
    {
        public object Gate => gate;

        public List<object> Items { get; init; } = [];

        public Dictionary<object, object> ByKey { get; init; } = [];

        public (object First, Nested Second) Pair { get; init; }
    }

    private struct Nested
    {
        public object Gate;
    }

    private sealed class Option
    {
        public static readonly object Missing = new();

        private readonly object _value = Missing;

        public bool HasValue => _value != Missing;

        public object Tag { get; } = new();

        public List<object> Tags => field ??= [Tag];

        public sealed class Part<T>
        {
            private readonly Dictionary<string, object> _parts = new() { ["a"] = Missing };

            public bool IsWhole => _parts["a"] != Missing;
        }
    }

    private static class Generic<T>
    {
        private static readonly object Missing = new();

        public sealed class Inner
        {
            private readonly object _value = Missing;

            public bool HasValue => _value != Missing;
        }
    }

    private sealed class OwnSemaphore() : SemaphoreSlim(1);

    private sealed class OwnEvent() : EventWaitHandle(false, EventResetMode.ManualReset);

    private sealed class Plain
    {
        public static readonly Plain First = new();

        public SemaphoreSlim Free { get; } = new(1);
    }

    private sealed class Named(string name)
    {
        public static readonly Named First = new("first");

        public Lazy<int> Length { get; } = new(() => name.Length);
    }
}
