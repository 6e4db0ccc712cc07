using FalServerless.Protocol.Http;
using FalServerless.Protocol.Worker;
using FalServerless.Transport;

namespace FalServerless.Worker.Calls;

/// <summary>
/// The calls that have no answer yet. Frames of calls and frames of control come over two connections, so a call may be cancelled
/// before it is known, and credited after its end.
/// </summary>
internal sealed class CallTable(WorkerConnection home)
{
    // Most are calls that ended while their cancellation was on its way, which is never asked for.
    private const int RememberedCancellations = 256;

    private static readonly byte[] Cancelled = RefusalCodec.Write(
        new() { Reason = RefusalReason.Cancelled, Message = "The call was cancelled." }
    );

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Call> _calls = [];
    private readonly List<Guid> _cancelledEarly = [];

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _calls.Count;
            }
        }
    }

    /// <summary>Makes a call known. One that was cancelled already is answered at once, and none from here on.</summary>
    /// <exception cref="ProtocolException">A call of that id is running.</exception>
    public void Add(Call call)
    {
        bool isCancelled;
        lock (_lock)
        {
            if (!_calls.TryAdd(call.InvocationId, call))
            {
                throw new ProtocolException("The host sent a call whose id another running call has.");
            }

            // It meant this call, not the next one of the same id: a client whose connection broke sends its call again.
            isCancelled = _cancelledEarly.Remove(call.InvocationId);
        }

        if (isCancelled)
        {
            Cancel(call, isRead: false);
        }
    }

    public Call? Find(Guid invocation)
    {
        lock (_lock)
        {
            return _calls.GetValueOrDefault(invocation);
        }
    }

    /// <summary>Before a call's answer is sent: from then on its id means nothing here.</summary>
    public void Remove(Call call)
    {
        lock (_lock)
        {
            _calls.Remove(call.InvocationId);
        }
    }

    /// <param name="invocation">The call's id.</param>
    /// <param name="isRead">Whether its caller continues to read what the body says.</param>
    public void Cancel(Guid invocation, bool isRead)
    {
        Call? call;
        lock (_lock)
        {
            if (!_calls.TryGetValue(invocation, out call))
            {
                if (_cancelledEarly.Count == RememberedCancellations)
                {
                    _cancelledEarly.RemoveAt(0);
                }

                _cancelledEarly.Add(invocation);
            }
        }

        if (call is not null)
        {
            Cancel(call, isRead);
        }
    }

    public void Credit(Guid invocation, uint bytes) => Find(invocation)?.Events.Window.Give(bytes);

    // One whose body has not begun, for lack of its inputs or of a thread, never begins.
    private void Cancel(Call call, bool isRead)
    {
        call.Cancel(isRead);
        if (call.TryBegin())
        {
            Remove(call);
            home.Write(WorkerFrameKind.Refusal, call.InvocationId, Cancelled);
        }
    }
}
