using System.Net;

namespace FalServerless.Runtime.Keys;

/// <summary>
/// The keys in memory, as they are in the file at this moment: each request asks whether the file has changed, so what the command line
/// does holds from the next request on.
/// </summary>
internal sealed class Keyring(KeyStore store)
{
    private readonly Lock _lock = new();
    private Dictionary<string, Entry> _keys = [];
    private long? _version;

    /// <summary>How many keys there are, of whatever state.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return Current().Count;
            }
        }
    }

    /// <summary>Null when there is no such key.</summary>
    public Entry? Find(ReadOnlySpan<char> id)
    {
        lock (_lock)
        {
            return Current().GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out var entry) ? entry : null;
        }
    }

    /// <summary>The keys that were used since the last time this was asked.</summary>
    public IReadOnlyList<(string Id, DateTimeOffset At)> TakeUses()
    {
        lock (_lock)
        {
            return
            [
                .. _keys
                    .Values.Select(entry => (entry.Key.Id, At: entry.TakeUse()))
                    .Where(use => use.At is not null)
                    .Select(use => (use.Id, use.At!.Value)),
            ];
        }
    }

    private Dictionary<string, Entry> Current()
    {
        // Asked before the keys are read: a change that comes between is seen the next time.
        var version = store.Version;
        if (version != _version)
        {
            var known = _keys;
            _keys = store
                .List()
                .Select(key => known.TryGetValue(key.Id, out var entry) ? entry.With(key) : new Entry(key))
                .ToDictionary(entry => entry.Key.Id);
            _version = version;
        }

        return _keys;
    }

    /// <summary>A key, and what is known of its use.</summary>
    internal sealed class Entry(HostKey key)
    {
        private Use _use = new();

        public HostKey Key => key;

        /// <summary>From where the key was used last.</summary>
        public IPAddress? LastAddress => _use.Address;

        public void Note(IPAddress? address, DateTimeOffset now)
        {
            _use.Address = address;
            Volatile.Write(ref _use.Milliseconds, now.ToUnixTimeMilliseconds());
        }

        /// <summary>When it was used last; null if it was not since this was asked before.</summary>
        public DateTimeOffset? TakeUse() =>
            Interlocked.Exchange(ref _use.Milliseconds, 0) is not 0 and var at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

        /// <summary>The same, with what the file says now. A use that is recorded in the old one is recorded here.</summary>
        public Entry With(HostKey changed) => new(changed) { _use = _use };

        private sealed class Use
        {
            public IPAddress? Address;
            public long Milliseconds;
        }
    }
}
