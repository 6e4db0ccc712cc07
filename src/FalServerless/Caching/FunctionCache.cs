using System.Collections.Concurrent;
using System.Reflection;
using FalServerless.Serialization.Methods;

namespace FalServerless.Caching;

/// <summary>The results of one function by their keys.</summary>
internal sealed class FunctionCache<TResult>(CacheStore store, MethodInfo code)
{
    private readonly ConcurrentDictionary<byte[], CacheEntry<TResult>> _entries = new(KeyComparer.Instance);

    public CacheStore Store => store;

    /// <summary>What computes, as the source calls it.</summary>
    public string Name => CodeName.Of(code);

    /// <summary>The result of a key; computed here unless it is there or being computed.</summary>
    public TResult Invoke(ReadOnlySpan<byte> key, Func<TResult> compute, out CacheEntry<TResult> entry)
    {
        var entries = _entries.GetAlternateLookup<ReadOnlySpan<byte>>();
        while (true)
        {
            if (!entries.TryGetValue(key, out entry!))
            {
                entry = new(this, key.ToArray());
                if (_entries.TryAdd(entry.Key, entry))
                {
                    return entry.Compute(compute);
                }
            }
            else if (entry.TryShare(compute, out var value))
            {
                return value;
            }
        }
    }

    /// <summary>The next request computes again.</summary>
    public void Forget(CacheEntry<TResult> entry) => _entries.TryRemove(new(entry.Key, entry));
}
