using FalServerless.Protocol;

namespace FalServerless.Worker.Events;

/// <summary>
/// How much of a call's events may still be sent before the caller has taken some: their payloads, and a little for each. Any thread may
/// take, wait and give.
/// </summary>
internal sealed class EventWindow
{
    private readonly object _gate = new();
    private int _free = ProtocolLimits.EventWindow;
    private bool _abandoned;
    private TaskCompletionSource? _changed;

    /// <summary>Blocks until there is room for an event; for writers that cannot wait otherwise.</summary>
    /// <returns>False when the events are no longer taken.</returns>
    public bool Take(int payload)
    {
        lock (_gate)
        {
            while (!TryTake(payload))
            {
                if (_abandoned)
                {
                    return false;
                }

                Monitor.Wait(_gate);
            }

            return true;
        }
    }

    /// <summary>Waits until there is room for an event.</summary>
    /// <returns>False when the events are no longer taken.</returns>
    public ValueTask<bool> TakeAsync(int payload)
    {
        lock (_gate)
        {
            return TryTake(payload) ? new(true)
                : _abandoned ? new(false)
                : WaitAsync(payload);
        }
    }

    public bool TryTakeNow(int payload)
    {
        lock (_gate)
        {
            return TryTake(payload);
        }
    }

    /// <summary>The caller has taken so many bytes.</summary>
    public void Give(uint bytes)
    {
        lock (_gate)
        {
            _free = (int)Math.Min(_free + (long)bytes, ProtocolLimits.EventWindow);
            Wake();
        }
    }

    /// <summary>Events are no longer taken: waiting ends, and what does not fit is not sent.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _abandoned = true;
            Wake();
        }
    }

    private async ValueTask<bool> WaitAsync(int payload)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (TryTake(payload))
                {
                    return true;
                }

                if (_abandoned)
                {
                    return false;
                }

                changed = (_changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await changed.ConfigureAwait(false);
        }
    }

    private bool TryTake(int payload)
    {
        var cost = payload + ProtocolLimits.EventCost;
        if (cost > _free)
        {
            return false;
        }

        _free -= cost;
        return true;
    }

    private void Wake()
    {
        Monitor.PulseAll(_gate);
        _changed?.SetResult();
        _changed = null;
    }
}
