using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Functions;

namespace FalServerless.Runtime.Calls;

/// <summary>One call inside the gateway: what to run, what has become of it, and the events that come back.</summary>
internal sealed class HostCall(InvocationRequest request, StoredFunction function, Upload? upload = null)
{
    private const int Entered = 1;
    private const int Left = 2;

    /// <summary>What the caller of a cancelled call receives.</summary>
    public static readonly Refusal Cancelled = new() { Reason = RefusalReason.Cancelled, Message = "The call was cancelled." };

    private ITimer? _timeout;
    private volatile bool _cancelled;
    private volatile bool _isLeft;
    private bool _keepsPayload;
    private int _entry;
    private long _valueBytes;
    private bool _overflowed;
    private bool _isWorkerTold;

    public Guid Id => request.Id;

    /// <summary>The name that its caller gave the function, for logs.</summary>
    public string? Name => request.Name;

    public StoredFunction Function => function;

    /// <summary>The cultures of its caller, for the worker.</summary>
    public ReadOnlyMemory<byte> Cultures => request.Cultures;

    public CallOptions Options => request.Options;

    public EventQueue Events { get; } = new();

    /// <summary>The id of the key that it was made with.</summary>
    public string Owner { get; init; } = "";

    /// <summary>What the key may have; null without limits.</summary>
    public KeyAllowance? Allowance { get; init; }

    /// <summary>Called when the call ends with a refusal.</summary>
    public Action<HostCall, Refusal>? Refused { get; set; }

    /// <summary>Called once its result is larger than the key's may be, with what its caller receives.</summary>
    public Action<HostCall, Refusal>? Overflowed { get; set; }

    /// <summary>
    /// Inputs and captured variables, where there is no <see cref="Upload"/>. They are in the request's buffer unless
    /// <see cref="KeepPayload"/> copied it.
    /// </summary>
    public ReadOnlySequence<byte> Payload { get; private set; } = request.Payload;

    /// <summary>
    /// What comes before a worker gets the call; null for a call whose caller waits. A call that has it waits for its worker without a
    /// limit, and its timeout begins with its worker.
    /// </summary>
    public CallStart? Starting { get; init; }

    /// <summary>The payload, if it is too large to be held here.</summary>
    public Upload? Upload => upload;

    public int PayloadLength => upload?.Length ?? (int)Payload.Length;

    /// <summary>Whether its payload is not whole at a worker yet, and so nothing of it has run.</summary>
    public bool IsUploading => upload is { IsComplete: false };

    /// <summary>True once its last event was added: nothing may run it any more.</summary>
    public bool HasEnded => Events.HasEnded;

    /// <summary>Whether it was ended before its worker answered.</summary>
    public bool IsCancelled => _cancelled;

    /// <summary>Whether its caller reads on although it is cancelled.</summary>
    public bool IsLeft => _isLeft;

    /// <summary>Whether the caller is the first to tell the worker that it is cancelled.</summary>
    public bool TryMarkCancelSent() => !Interlocked.Exchange(ref _isWorkerTold, true);

    /// <summary>Who has got it; null while it waits.</summary>
    public ICallWorker? Worker { get; set; }

    /// <summary>Its place while it waits for a worker; belongs to the pool.</summary>
    public LinkedListNode<HostCall>? Waiting { get; set; }

    /// <summary>When it began to wait, by the scheduler's clock.</summary>
    public long QueuedAt { get; private set; }

    /// <summary>Its place among all calls that ever waited on the host.</summary>
    public long Turn { get; private set; }

    /// <summary>Counts it among the calls of its key, until its end.</summary>
    /// <returns>Null, or why the key may have no further one.</returns>
    public Refusal? Enter()
    {
        if (Allowance?.Enter() is { } refusal)
        {
            return refusal;
        }

        // It may have ended before it was let in.
        if (Interlocked.CompareExchange(ref _entry, Entered, 0) == Left)
        {
            Allowance?.Leave();
        }

        return null;
    }

    /// <summary>Copies the payload, so that the request's buffer can go while the call waits for whatever it needs.</summary>
    public void KeepPayload()
    {
        if (!_keepsPayload)
        {
            _keepsPayload = true;
            Payload = new(Payload.ToArray());
        }
    }

    /// <summary>Gives the call its payload, just before a worker gets it.</summary>
    public void Supply(ReadOnlyMemory<byte> payload) => Payload = new(payload);

    /// <summary>Notes its place in the queue for a worker.</summary>
    public void Queue(long now, long turn)
    {
        QueuedAt = now;
        Turn = turn;
        KeepPayload();
    }

    public void StartTimeout(TimeProvider time, Action<HostCall> expired)
    {
        if (Options.Timeout is { } timeout)
        {
            _timeout?.Dispose();
            _timeout = time.CreateTimer(_ => expired(this), null, timeout, System.Threading.Timeout.InfiniteTimeSpan);
            if (HasEnded)
            {
                _timeout.Dispose();
            }
        }
    }

    /// <summary>Adds an event; after the last one nothing is added any more.</summary>
    /// <exception cref="ProtocolException">The worker sends more than its window.</exception>
    public void Post(InvocationEventKind kind, EventSource source, ReadOnlySpan<byte> payload)
    {
        if (InvocationEvent.Ends(kind))
        {
            if (kind != InvocationEventKind.Refusal && IsTooLarge(kind, payload.Length))
            {
                kind = InvocationEventKind.Refusal;
                payload = RefusalCodec.Write(Allowance!.RefuseResult());
            }

            Leave();
        }
        else if (kind != InvocationEventKind.Log && IsTooLarge(kind, payload.Length) && !Interlocked.Exchange(ref _overflowed, true))
        {
            Overflowed?.Invoke(this, Allowance!.RefuseResult());
        }

        Events.TryAdd(kind, source, payload, out var credit);
        Credit(credit);
    }

    /// <summary>Ends the call with a refusal, unless it has ended.</summary>
    public void Refuse(Refusal refusal)
    {
        if (!HasEnded)
        {
            Refused?.Invoke(this, refusal);
        }

        Post(InvocationEventKind.Refusal, EventSource.Once, RefusalCodec.Write(refusal));
    }

    /// <summary>Ends the call before its worker answers. Without a message there is no caller left, and its events are dropped.</summary>
    public void Cancel(Refusal? refusal)
    {
        _cancelled = true;
        if (refusal is not null)
        {
            Refuse(refusal);
        }
        else
        {
            Drop();
        }
    }

    /// <summary>Its caller wants no items any more, but reads what the body says until its end.</summary>
    public void MarkLeft()
    {
        _isLeft = true;
        _cancelled = true;
    }

    /// <summary>Takes the next event for the reader with the ticket, and tells the worker that there is room again.</summary>
    public bool TryTake(short ticket, IBufferWriter<byte> output)
    {
        var taken = Events.TryTake(ticket, output, out var credit);
        Credit(credit);
        return taken;
    }

    /// <summary>Its events are no longer read.</summary>
    public void Drop()
    {
        Leave();
        Credit(Events.Drop());
    }

    // A value's chunks go before the event that closes it. They come one after the other, from the worker's reader.
    private bool IsTooLarge(InvocationEventKind kind, int length)
    {
        if (Allowance is null)
        {
            return false;
        }

        _valueBytes += length;
        var isTooLarge = _valueBytes > Allowance.Limits.ResultBytes;
        if (kind != InvocationEventKind.Chunk)
        {
            _valueBytes = 0;
        }

        return isTooLarge;
    }

    // A call that was cancelled may still have to write its way to an end.
    private void Credit(int bytes)
    {
        if (bytes > 0 && (_cancelled || !HasEnded))
        {
            Worker?.Credit(this, bytes);
        }
    }

    private void Leave()
    {
        _timeout?.Dispose();
        upload?.Stop();
        if (Interlocked.Exchange(ref _entry, Left) == Entered)
        {
            Allowance?.Leave();
        }
    }
}
