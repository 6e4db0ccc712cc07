using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace FalServerless.Caching;

/// <summary>All that cached functions have made in this process, and the end of it.</summary>
internal sealed class CacheStore
{
    private readonly ConcurrentDictionary<(Type Body, MethodInfo Code), object> _functions = new();

    // What is disposed of at the end, in the order of its making. Two functions may give one object: its first making counts.
    private readonly Stack<object> _disposable = [];
    private readonly HashSet<object> _known = new(ReferenceEqualityComparer.Instance);

    public static CacheStore OfThisProcess { get; } = new();

    /// <summary>The results of some code, whichever delegate over it asks.</summary>
    public FunctionCache<TResult> Of<TResult>(Delegate body) =>
        (FunctionCache<TResult>)
            _functions.GetOrAdd((body.GetType(), body.Method), static (key, store) => new FunctionCache<TResult>(store, key.Code), this);

    /// <summary>Remembers a value for <see cref="DisposeAllAsync"/>.</summary>
    public void Made(object? value)
    {
        if (value is not (IAsyncDisposable or IDisposable) or Task)
        {
            return;
        }

        lock (_disposable)
        {
            if (_known.Add(value))
            {
                _disposable.Push(value);
            }
        }
    }

    /// <summary>Disposes of all values, the last made first; what one throws is written down, and the others follow.</summary>
    public async Task DisposeAllAsync(TextWriter errors)
    {
        while (TryTakeLast(out var value))
        {
            try
            {
                if (value is IAsyncDisposable disposable)
                {
                    await disposable.DisposeAsync().ConfigureAwait(false);
                }
                else
                {
                    ((IDisposable)value).Dispose();
                }
            }
            catch (Exception e)
            {
                await errors
                    .WriteLineAsync($"A cached value of type '{value.GetType()}' could not be disposed of: {e}")
                    .ConfigureAwait(false);
            }
        }
    }

    private bool TryTakeLast([NotNullWhen(true)] out object? value)
    {
        lock (_disposable)
        {
            return _disposable.TryPop(out value);
        }
    }
}
