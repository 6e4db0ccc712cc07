using System.Buffers;
using System.Threading.Tasks.Sources;
using FalServerless.Protocol;
using FalServerless.Runtime.Data;
using FalServerless.Serialization.Messages;

namespace FalServerless.Runtime.Workers;

/// <summary>
/// One call inside the gateway: what to run, and the events that come back. Any thread posts events; one reader takes them.
/// The reader's continuation runs on the posting thread: for a warm call that is the worker's reading thread, without a hop.
/// </summary>
internal sealed class Invocation(InvocationRequest request, StoredFunction function) : IValueTaskSource
{
    // A caller that reads slowly slows the body's output down instead of filling the gateway's memory.
    private const int MaximumQueuedBytes = 4 << 20;

    private readonly Lock _lock = new();
    private readonly Queue<InvocationEvent> _events = new();

    // Made when the queue is full for the first time, which for most calls never comes.
    private ManualResetEventSlim? _drained;
    private long _queuedBytes;
    private Action<object?>? _reader;
    private object? _readerState;
    private bool _ended;
    private volatile bool _abandoned;
    private ITimer? _timeout;

    public Guid Id => request.Id;

    public StoredFunction Function => function;

    public EnvironmentSpec Environment => request.Environment;

    /// <summary>Inputs and captured variables. Lies in the request's buffer unless <see cref="Queue"/> copied it.</summary>
    public ReadOnlySequence<byte> Payload { get; private set; } = request.Payload;

    /// <summary>True once its last event was posted: nothing may run it any more.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_lock)
            {
                return _ended;
            }
        }
    }

    /// <summary>True once the caller has gone: no further event comes.</summary>
    public bool IsAbandoned => _abandoned;

    /// <summary>When it began to wait, by the scheduler's clock.</summary>
    public long QueuedAt { get; private set; }

    /// <summary>Copies the payload, so that the request's buffer can go while the call waits for a worker.</summary>
    public void Queue(long now)
    {
        QueuedAt = now;
        Payload = new(Payload.ToArray());
    }

    public void StartTimeout(TimeProvider time, Action<Invocation> expired)
    {
        if (Environment.Timeout is { } timeout)
        {
            _timeout = time.CreateTimer(_ => expired(this), null, timeout, System.Threading.Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Adds an event; after the last one nothing is added any more.</summary>
    /// <returns>False when the call had ended already.</returns>
    public bool Post(InvocationEventKind kind, ReadOnlySpan<byte> payload)
    {
        if (kind == InvocationEventKind.Log)
        {
            Volatile.Read(ref _drained)?.Wait();
        }

        Action<object?>? reader;
        object? state;
        lock (_lock)
        {
            if (_ended)
            {
                return false;
            }

            var added = InvocationEvent.Copy(kind, payload);
            _events.Enqueue(added);
            _ended = added.IsLast;
            _queuedBytes += payload.Length;
            if (_queuedBytes > MaximumQueuedBytes)
            {
                _drained ??= new();
                _drained.Reset();
            }

            (reader, state) = TakeReader();
        }

        if (kind != InvocationEventKind.Log)
        {
            _timeout?.Dispose();
        }

        reader?.Invoke(state);
        return true;
    }

    public bool Refuse(Refusal refusal) => Post(InvocationEventKind.Refusal, RefusalCodec.Write(refusal));

    /// <summary>A line that the worker's process printed past <see cref="Console"/>.</summary>
    public void PostLine(string line, bool isError)
    {
        var output = new ArrayBufferWriter<byte>();
        LogEntryCodec.Write(output, isError ? LogEntryLevel.Error : LogEntryLevel.Info, LogEntrySource.User, TimeProvider.System.GetUtcNow(), line);
        Post(InvocationEventKind.Log, output.WrittenSpan);
    }

    /// <summary>The caller has gone: what is queued is dropped, and nothing is waited for.</summary>
    public void Abandon()
    {
        Action<object?>? reader;
        object? state;
        lock (_lock)
        {
            _ended = true;
            _abandoned = true;
            while (_events.TryDequeue(out var dropped))
            {
                dropped.Dispose();
            }

            _drained?.Set();
            (reader, state) = TakeReader();
        }

        _timeout?.Dispose();
        reader?.Invoke(state);
    }

    /// <summary>Completes when there is an event to take, or the call was abandoned and there will be none. One reader at a time.</summary>
    public ValueTask WaitAsync() => new(this, 0);

    public bool TryTake(out InvocationEvent taken)
    {
        lock (_lock)
        {
            if (!_events.TryDequeue(out taken))
            {
                return false;
            }

            _queuedBytes -= taken.Payload.Length;
            if (_queuedBytes <= MaximumQueuedBytes)
            {
                _drained?.Set();
            }

            return true;
        }
    }

    void IValueTaskSource.GetResult(short token)
    {
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token)
    {
        lock (_lock)
        {
            return IsReady ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;
        }
    }

    // Whether there is something to read and whether someone waits for it are decided under one lock, so no wake-up is lost or comes twice.
    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        lock (_lock)
        {
            if (!IsReady)
            {
                (_reader, _readerState) = (continuation, state);
                return;
            }
        }

        continuation(state);
    }

    private bool IsReady => _events.Count > 0 || _ended;

    private (Action<object?>? Reader, object? State) TakeReader()
    {
        var taken = (_reader, _readerState);
        (_reader, _readerState) = (null, null);
        return taken;
    }
}
