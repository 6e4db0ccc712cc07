using System.Buffers;
using System.Threading.Tasks.Sources;
using FalServerless.Protocol;

namespace FalServerless.Runtime.Calls;

/// <summary>
/// The events of one call, in order. Any thread adds them; one reader takes them, and the latest of those taken stay for another reader
/// that takes the first one's place. The reader's continuation runs on the adding thread: for a warm call that is the worker's reading
/// thread, without a hop.
/// </summary>
internal sealed class EventQueue : IValueTaskSource
{
    /// <summary>How many bytes of taken events stay: what a connection that breaks may have held on its way.</summary>
    private const int KeptBytes = 512 << 10;

    /// <summary>How many lines of a call tell what it was at when its worker crashed.</summary>
    private const int KeptLines = 10;

    private readonly Lock _lock = new();
    private EventRing _events = new();
    private long _next;
    private long _untaken;
    private int _kept;
    private EventCredit _credit;
    private int _fromPipe;

    // Made when a pipe has to wait for the first time, which for most calls never comes.
    private ManualResetEventSlim? _room;
    private short _reader;
    private Action<object?>? _waiting;
    private object? _waitingState;
    private bool _ended;
    private bool _dropped;

    /// <summary>True once the last event was added.</summary>
    public bool HasEnded => Volatile.Read(ref _ended);

    /// <summary>Adds an event; after the last one nothing is added any more.</summary>
    /// <param name="kind">What the event is.</param>
    /// <param name="source">Who made it.</param>
    /// <param name="payload">Copied.</param>
    /// <param name="credit">How many bytes the worker may send in return, for events that will not be taken.</param>
    /// <returns>False when the call had ended already.</returns>
    /// <exception cref="ProtocolException">The worker sends more than its window.</exception>
    public bool TryAdd(InvocationEventKind kind, EventSource source, ReadOnlySpan<byte> payload, out int credit)
    {
        Action<object?>? waiting;
        object? state;
        credit = 0;
        lock (_lock)
        {
            if (source == EventSource.Window)
            {
                _credit.Use(payload.Length);
            }

            if (_ended)
            {
                credit = source == EventSource.Window ? _credit.Free(payload.Length) : 0;
                return false;
            }

            _events.Add(InvocationEvent.Copy(kind, source, payload));
            if (source == EventSource.Pipe)
            {
                _fromPipe += payload.Length;
                MeasureRoom();
            }

            if (InvocationEvent.Ends(kind))
            {
                End();
            }

            (waiting, state) = TakeWaiting();
        }

        waiting?.Invoke(state);
        return true;
    }

    /// <summary>Drops everything: it will not be read.</summary>
    /// <returns>How many bytes the worker may send in return.</returns>
    public int Drop()
    {
        Action<object?>? waiting;
        object? state;
        int credit;
        lock (_lock)
        {
            _dropped = true;
            End();
            _events.Clear();
            _next = _untaken = _events.End;
            credit = _credit.FreeAll();
            (waiting, state) = TakeWaiting();
        }

        waiting?.Invoke(state);
        return credit;
    }

    /// <summary>Whether a reader that has so many events can go on here.</summary>
    public bool Holds(long received)
    {
        lock (_lock)
        {
            return CanGoOn(received);
        }
    }

    /// <summary>Makes way for a reader that has so many events already; the one before it takes nothing any more.</summary>
    /// <returns>The reader's ticket; null when events that it lacks are no longer here, and then the reader before it stays.</returns>
    public short? Attach(long received)
    {
        lock (_lock)
        {
            if (!CanGoOn(received))
            {
                return null;
            }

            _next = received;
            _kept = 0;
            for (var number = _events.First; number < _next; number++)
            {
                _kept += _events[number].Size;
            }

            ChangeReader();
            return _reader;
        }
    }

    /// <summary>The reader is gone.</summary>
    /// <returns>False when another one has taken its place.</returns>
    public bool TryRelease(short ticket)
    {
        lock (_lock)
        {
            if (ticket != _reader || _dropped)
            {
                return false;
            }

            ChangeReader();
            return true;
        }
    }

    /// <summary>Whether no other reader has taken this one's place.</summary>
    public bool IsReader(short ticket)
    {
        lock (_lock)
        {
            return ticket == _reader && !_dropped;
        }
    }

    /// <summary>Completes when there is an event for this reader, or there will be none.</summary>
    public ValueTask WaitAsync(short ticket) => new(this, ticket);

    public bool TryPeek(short ticket, out int size, out bool isLast)
    {
        lock (_lock)
        {
            var there = ticket == _reader && _next < _events.End;
            (size, isLast) = there ? (_events[_next].Size, _events[_next].IsLast) : default;
            return there;
        }
    }

    /// <summary>Writes the next event. It is copied within the lock: another reader may take this one's place at any time.</summary>
    public bool TryTake(short ticket, IBufferWriter<byte> output, out int credit)
    {
        credit = 0;
        lock (_lock)
        {
            if (ticket != _reader || _next >= _events.End)
            {
                return false;
            }

            ref readonly var taken = ref _events[_next];
            taken.WriteTo(output);
            _kept += taken.Size;
            if (_next++ == _untaken)
            {
                _untaken++;
                credit = Count(taken);
            }

            while (_kept - _events[_events.First].Size >= KeptBytes)
            {
                _kept -= _events[_events.First].Size;
                _events.Drop();
            }

            return true;
        }
    }

    /// <summary>Blocks the thread that reads a worker's pipe while the caller has much of it to read yet.</summary>
    public void WaitForRoom() => Volatile.Read(ref _room)?.Wait();

    /// <summary>The last events of a call that has ended, as they are in a response, and the number of the first of them.</summary>
    public (byte[] Bytes, long First) Tail(int limit)
    {
        lock (_lock)
        {
            var first = _events.End;
            var size = 0;
            while (first > _events.First && size + _events[first - 1].Size <= limit)
            {
                size += _events[--first].Size;
            }

            var output = new ArrayBufferWriter<byte>(Math.Max(size, 1));
            for (var number = first; number < _events.End; number++)
            {
                _events[number].WriteTo(output);
            }

            return (output.WrittenSpan.ToArray(), first);
        }
    }

    /// <summary>
    /// The last lines that the body wrote, oldest first: they are here anyway, for a connection that breaks. What its process printed past
    /// the console is left out.
    /// </summary>
    public IReadOnlyList<string> LastLines()
    {
        var lines = new List<string>();
        lock (_lock)
        {
            for (var number = _events.End - 1; number >= _events.First && lines.Count < KeptLines; number--)
            {
                if (_events[number] is { Kind: InvocationEventKind.Log, Source: EventSource.Window } line)
                {
                    lines.Add(LineLimit.Cut(line.Message));
                }
            }
        }

        lines.Reverse();
        return lines;
    }

    void IValueTaskSource.GetResult(short token) { }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token)
    {
        lock (_lock)
        {
            return IsReady(token) ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;
        }
    }

    // Whether there is something to read and whether someone waits for it are decided under one lock, so no wake-up is lost or comes twice.
    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        lock (_lock)
        {
            if (!IsReady(token))
            {
                (_waiting, _waitingState) = (continuation, state);
                return;
            }
        }

        continuation(state);
    }

    // Its predecessor is woken on another thread: it has a connection to close, and the caller may hold locks.
    private void ChangeReader()
    {
        _reader++;
        if (TakeWaiting() is ({ } waiting, var state))
        {
            ThreadPool.UnsafeQueueUserWorkItem(waiting, state, preferLocal: false);
        }
    }

    private bool CanGoOn(long received) => !_dropped && received >= _events.First && received <= _untaken;

    private bool IsReady(short ticket) => ticket != _reader || _next < _events.End || _ended;

    private void End()
    {
        _ended = true;
        _room?.Set();
    }

    private int Count(in InvocationEvent taken)
    {
        if (taken.Source == EventSource.Pipe)
        {
            _fromPipe -= taken.Length;
            MeasureRoom();
        }

        return taken.Source == EventSource.Window ? _credit.Free(taken.Length) : 0;
    }

    private void MeasureRoom()
    {
        if (_fromPipe < ProtocolLimits.EventWindow || _ended)
        {
            _room?.Set();
        }
        else
        {
            _room ??= new();
            _room.Reset();
        }
    }

    private (Action<object?>? Waiting, object? State) TakeWaiting()
    {
        var taken = (_waiting, _waitingState);
        (_waiting, _waitingState) = (null, null);
        return taken;
    }
}
