using FalServerless.Protocol;

namespace FalServerless.Runtime.Calls;

/// <summary>How much of a call's window its worker uses, and when it may have some of it back.</summary>
internal struct EventCredit
{
    // Credit is sent in batches: a frame for each event would cost more than the event.
    private const int Batch = 256 << 10;

    // A worker looks at its window before it sends, and a line may be as long as an event may.
    private const int MostOutstanding = ProtocolLimits.EventWindow + ProtocolLimits.MaximumEvent + ProtocolLimits.EventCost;

    private int _outstanding;
    private int _uncredited;

    /// <summary>The worker has sent an event.</summary>
    /// <exception cref="ProtocolException">It sends more than its window.</exception>
    public void Use(int payload)
    {
        _outstanding += payload + ProtocolLimits.EventCost;
        if (_outstanding > MostOutstanding)
        {
            throw new ProtocolException(
                $"A worker sent {_outstanding} bytes of events where {ProtocolLimits.EventWindow} may be on their way."
            );
        }
    }

    /// <summary>The caller has taken an event, or it will never be taken.</summary>
    /// <returns>How many bytes the worker may send in return now.</returns>
    public int Free(int payload)
    {
        _uncredited += payload + ProtocolLimits.EventCost;
        if (_uncredited < Batch)
        {
            return 0;
        }

        var credit = _uncredited;
        _outstanding -= credit;
        _uncredited = 0;
        return credit;
    }

    /// <summary>All that is on its way has been dropped.</summary>
    /// <returns>How many bytes the worker may send in return.</returns>
    public int FreeAll()
    {
        var credit = _outstanding;
        _outstanding = _uncredited = 0;
        return credit;
    }
}
