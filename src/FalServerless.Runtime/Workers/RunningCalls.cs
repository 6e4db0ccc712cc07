using FalServerless.Runtime.Calls;

namespace FalServerless.Runtime.Workers;

/// <summary>The calls that a worker has and has not answered.</summary>
internal sealed class RunningCalls
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, HostCall> _calls = [];
    private volatile HostCall[] _all = [];

    /// <summary>The calls of this moment.</summary>
    public IReadOnlyList<HostCall> All => _all;

    public void Add(HostCall call)
    {
        lock (_lock)
        {
            _calls.Add(call.Id, call);
            _all = [.. _calls.Values];
        }
    }

    public HostCall? Find(Guid id)
    {
        lock (_lock)
        {
            return _calls.GetValueOrDefault(id);
        }
    }

    /// <returns>False when another thread has taken it away.</returns>
    public bool Remove(HostCall call)
    {
        lock (_lock)
        {
            if (!_calls.TryGetValue(call.Id, out var found) || found != call)
            {
                return false;
            }

            _calls.Remove(call.Id);
            _all = _calls.Count == 0 ? [] : [.. _calls.Values];
            return true;
        }
    }

    public IReadOnlyList<HostCall> TakeAll()
    {
        lock (_lock)
        {
            var all = _all;
            _calls.Clear();
            _all = [];
            return all;
        }
    }
}
