using FalServerless.Protocol;
using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Scheduling;

/// <summary>The calls that wait for a worker, in order. Used under the pool's lock.</summary>
internal sealed class CallQueue(MachineType machineType, int maximumWorkers)
{
    /// <summary>How many calls may wait: more than a program starts by mistake, and few enough that the last one's wait is known early.</summary>
    private const int MaximumCount = 10_000;

    private readonly LinkedList<Invocation> _calls = new();

    public int Count => _calls.Count;

    public Invocation? First => _calls.First?.Value;

    /// <returns>False when too many wait; the call is refused then.</returns>
    public bool TryAdd(Invocation call, long now)
    {
        if (_calls.Count >= MaximumCount)
        {
            call.Refuse(new()
            {
                Reason = RefusalReason.QueueFull,
                Message = $"{_calls.Count} calls wait for one of {maximumWorkers} workers of machine type '{machineType}' already, the most that may. Call less at once, or raise MaxWorkers.",
            });
            return false;
        }

        call.Queue(now);
        call.Waiting = _calls.AddLast(call);
        return true;
    }

    /// <summary>A worker that died before it had the call gives it back.</summary>
    public void PutBack(Invocation call) => call.Waiting = _calls.AddFirst(call);

    public bool TryRemove(Invocation call)
    {
        if (call.Waiting is not { } place)
        {
            return false;
        }

        _calls.Remove(place);
        call.Waiting = null;
        return true;
    }

    /// <summary>Takes the first call for which the condition holds.</summary>
    public Invocation? TakeFirst(Func<Invocation, bool> condition)
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
}
