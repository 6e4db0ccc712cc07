using System.Runtime.CompilerServices;

namespace FalServerless.Serialization.Values;

/// <summary>
/// What keeps threads apart or has them wait, by the names of the types. Who holds one stays in this process: it arrives free.
/// </summary>
internal static class GateFormatters
{
    public static ValueFormatter Lock(FormatterResolver formatters) => Stateless<Lock>(formatters, () => new());

    public static ValueFormatter ReaderWriterLock(FormatterResolver formatters) => Stateless<ReaderWriterLock>(formatters, () => new());

    public static ValueFormatter ReaderWriterLockSlim(FormatterResolver formatters) =>
        Fresh<ReaderWriterLockSlim, LockRecursionPolicy>(
            formatters,
            gate =>
            {
                ObjectDisposedException.ThrowIf(GateFields.IsDisposed(gate), gate);
                return gate.RecursionPolicy;
            },
            policy => new(policy)
        );

    public static ValueFormatter SpinLock(FormatterResolver formatters) =>
        new FreshStructFormatter<SpinLock, bool>(
            formatters.For<bool>(),
            gate => gate.IsThreadOwnerTrackingEnabled,
            tracksOwner => new(tracksOwner)
        );

    public static ValueFormatter SemaphoreSlim(FormatterResolver formatters) =>
        Fresh<SemaphoreSlim, (int Free, int Maximum)>(
            formatters,
            semaphore =>
            {
                ObjectDisposedException.ThrowIf(GateFields.LockAndIsDisposed(semaphore).Value, semaphore);
                return (semaphore.CurrentCount, GateFields.Maximum(semaphore));
            },
            counts => new(counts.Free, counts.Maximum)
        );

    // Waiting for no time throws where the event has been disposed of, and changes nothing.
    public static ValueFormatter ManualResetEventSlim(FormatterResolver formatters) =>
        Fresh<ManualResetEventSlim, (bool IsSet, int SpinCount)>(
            formatters,
            signal => (signal.Wait(TimeSpan.Zero, CancellationToken.None), signal.SpinCount),
            state => new(state.IsSet, state.SpinCount)
        );

    public static ValueFormatter ManualResetEvent(FormatterResolver formatters) =>
        Fresh<ManualResetEvent, bool>(formatters, signal => signal.WaitOne(TimeSpan.Zero), isSet => new(isSet));

    public static ValueFormatter CountdownEvent(FormatterResolver formatters) =>
        Fresh<CountdownEvent, (int Initial, int Current)>(
            formatters,
            countdown =>
            {
                countdown.Wait(TimeSpan.Zero, CancellationToken.None);
                return (countdown.InitialCount, countdown.CurrentCount);
            },
            counts =>
            {
                var countdown = new CountdownEvent(counts.Initial);
                if (counts.Current > counts.Initial)
                {
                    countdown.AddCount(counts.Current - counts.Initial);
                }
                else if (counts.Current < counts.Initial)
                {
                    countdown.Signal(counts.Initial - counts.Current);
                }

                return countdown;
            }
        );

    public static ValueFormatter Barrier(FormatterResolver formatters) =>
        Fresh<Barrier, (int Participants, long Phase)>(
            formatters,
            barrier =>
            {
                ObjectDisposedException.ThrowIf(GateFields.IsDisposed(barrier), barrier);
                return barrier.ParticipantsRemaining != barrier.ParticipantCount
                        ? throw Surrogates.Refuse(barrier, "threads of this process wait at it", "Make it inside the body")
                    : GateFields.Action(barrier) is not null
                        ? throw Surrogates.Refuse(barrier, "it runs code of this process after each phase", "Make it inside the body")
                    : (barrier.ParticipantCount, barrier.CurrentPhaseNumber);
            },
            state => MakeBarrier(state.Participants, state.Phase)
        );

    // Its value flows from a caller to what it calls, and not into another process.
    public static ValueFormatter AsyncLocal<T>(FormatterResolver formatters) =>
        Fresh<AsyncLocal<T>, bool>(
            formatters,
            local =>
                GateFields<T>.Handler(local) is not null
                    ? throw Surrogates.Refuse(local, "it calls a handler of this process when its value changes", "Make it inside the body")
                : !EqualityComparer<T>.Default.Equals(local.Value, default!)
                    ? throw Surrogates.Refuse(local, "its value belongs to a flow of this process", "Pass its Value")
                : true,
            _ => new()
        );

    private static ValueFormatter Stateless<T>(FormatterResolver formatters, Func<T> make)
        where T : class => Fresh<T, bool>(formatters, _ => true, _ => make());

    private static FreshFormatter<T, TState> Fresh<T, TState>(FormatterResolver formatters, Func<T, TState> take, Func<TState, T> make)
        where T : class => new(formatters.For<TState>(), take, make);

    // A barrier knows from its phase's parity which of two events its threads wait at.
    private static Barrier MakeBarrier(int participants, long phase)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(phase);
        var barrier = new Barrier(1);
        if (phase % 2 == 1)
        {
            barrier.SignalAndWait(CancellationToken.None);
        }

        GateFields.Phase(barrier) = phase;
        if (participants == 0)
        {
            barrier.RemoveParticipant();
        }
        else if (participants > 1)
        {
            barrier.AddParticipants(participants - 1);
        }

        return barrier;
    }

    // State that the framework does not expose without changing it.
    private static class GateFields
    {
        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_maxCount")]
        public static extern ref int Maximum(SemaphoreSlim semaphore);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_lockObjAndDisposed")]
        public static extern ref StrongBox<bool> LockAndIsDisposed(SemaphoreSlim semaphore);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_fDisposed")]
        public static extern ref bool IsDisposed(ReaderWriterLockSlim gate);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_disposed")]
        public static extern ref bool IsDisposed(Barrier barrier);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_currentPhase")]
        public static extern ref long Phase(Barrier barrier);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_postPhaseAction")]
        public static extern ref Action<Barrier>? Action(Barrier barrier);
    }

    private static class GateFields<T>
    {
        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_valueChangedHandler")]
        public static extern ref Action<AsyncLocalValueChangedArgs<T>>? Handler(AsyncLocal<T> local);
    }
}
