namespace FalServerless.Runtime.Calls;

/// <summary>The latest events of a call by their numbers, the first being zero. Not safe for several threads.</summary>
internal struct EventRing()
{
    private const int InitialCapacity = 4;

    private InvocationEvent[] _events = [];
    private int _start;
    private int _count;

    /// <summary>The number of the oldest event that is still here.</summary>
    public long First { get; private set; }

    /// <summary>The number of the event that comes next.</summary>
    public readonly long End => First + _count;

    public readonly ref readonly InvocationEvent this[long number] => ref _events[(_start + (int)(number - First)) & (_events.Length - 1)];

    public void Add(in InvocationEvent added)
    {
        if (_count == _events.Length)
        {
            Grow();
        }

        _events[(_start + _count++) & (_events.Length - 1)] = added;
    }

    /// <summary>Drops the oldest event.</summary>
    public void Drop()
    {
        _events[_start].Dispose();
        _events[_start] = default;
        _start = (_start + 1) & (_events.Length - 1);
        _count--;
        First++;
    }

    public void Clear()
    {
        while (_count > 0)
        {
            Drop();
        }
    }

    private void Grow()
    {
        var larger = new InvocationEvent[Math.Max(InitialCapacity, 2 * _events.Length)];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = _events[(_start + i) & (_events.Length - 1)];
        }

        (_events, _start) = (larger, 0);
    }
}
