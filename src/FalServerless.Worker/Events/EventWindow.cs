using FalServerless.Protocol;

namespace FalServerless.Worker.Events;

/// <summary>How many bytes of a call's events may still be sent before the caller has taken some. Any thread may take, wait and give.</summary>
internal sealed class EventWindow
{
    private readonly object _gate = new();
    private int _free = ProtocolLimits.EventWindow;
    private bool _abandoned;
    private TaskCompletionSource? _changed;

    /// <summary>Blocks until there is room; for writers that cannot wait otherwise.</summary>
    /// <returns>False when nobody takes the events any more.</returns>
    public bool Take(int bytes)
    {
        lock (_gate)
        {
            while (!TryTake(bytes))
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

    /// <summary>Waits until there is room.</summary>
    /// <returns>False when nobody takes the events any more.</returns>
    public ValueTask<bool> TakeAsync(int bytes)
    {
        lock (_gate)
        {
            return TryTake(bytes) ? new(true) : _abandoned ? new(false) : WaitAsync(bytes);
        }
    }

    public bool TryTakeNow(int bytes)
    {
        lock (_gate)
        {
            return TryTake(bytes);
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

    /// <summary>Nobody takes events any more: waiting ends, and what does not fit is not to be sent.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _abandoned = true;
            Wake();
        }
    }

    private async ValueTask<bool> WaitAsync(int bytes)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (TryTake(bytes))
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

    private bool TryTake(int bytes)
    {
        if (bytes > _free)
        {
            return false;
        }

        _free -= bytes;
        return true;
    }

    private void Wake()
    {
        Monitor.PulseAll(_gate);
        _changed?.SetResult();
        _changed = null;
    }
}
