using FalServerless.Runtime.Calls;

namespace FalServerless.Runtime.Scheduling;

/// <summary>The calls of one pool that wait for a worker, in order. Used under the scheduler's lock.</summary>
internal sealed class CallQueue
{
    private readonly LinkedList<HostCall> _calls = new();

    public int Count => _calls.Count;

    public HostCall? First => _calls.First?.Value;

    /// <summary>The first call whose time in the queue is limited.</summary>
    public HostCall? FirstLimited
    {
        get
        {
            for (var place = _calls.First; place is not null; place = place.Next)
            {
                if (place.Value.Starting is null)
                {
                    return place.Value;
                }
            }

            return null;
        }
    }

    public void Add(HostCall call) => Add(call, _calls.AddLast(call));

    /// <summary>The first call behind so many others.</summary>
    public HostCall? After(long count)
    {
        var place = _calls.First;
        for (; count > 0 && place is not null; count--)
        {
            place = place.Next;
        }

        return place?.Value;
    }

    /// <summary>A worker that died before it had the call gives it back.</summary>
    public void PutBack(HostCall call) => Add(call, _calls.AddFirst(call));

    public bool TryRemove(HostCall call)
    {
        if (call.Waiting is not { } place || place.List != _calls)
        {
            return false;
        }

        _calls.Remove(place);
        call.Waiting = null;
        call.Allowance?.CountQueued(-1);
        return true;
    }

    public bool Any(Func<HostCall, bool> condition) => _calls.Any(condition);

    /// <summary>Takes the first call for which the condition holds.</summary>
    public HostCall? TakeFirst(Func<HostCall, bool> condition)
    {
        for (var place = _calls.First; place is not null; place = place.Next)
        {
            if (condition(place.Value))
            {
                TryRemove(place.Value);
                return place.Value;
            }
        }

        return null;
    }

    private static void Add(HostCall call, LinkedListNode<HostCall> place)
    {
        call.Waiting = place;
        call.Allowance?.CountQueued(1);
    }
}
