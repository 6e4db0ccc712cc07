using System.Runtime.ExceptionServices;

namespace FalServerless.Caching;

/// <summary>One result: in the making, there, or failed. Only one that is there stays in its cache.</summary>
internal sealed class CacheEntry<TResult>(FunctionCache<TResult> cache, byte[] key) : Computation
{
    // Of the first caller, until the computation is over: what lives on must not keep a call alive.
    private IsolatedContext? _call = IsolatedContext.Current;
    private ManualResetEventSlim? _end = new();
    private ExceptionDispatchInfo? _failure;
    private TResult _value = default!;
    private volatile bool _isHandedOut;
    private volatile bool _isKept;

    public byte[] Key => key;

    /// <summary>Whether the result is final; of a task, whether it has succeeded.</summary>
    public bool IsKept => _isKept;

    /// <summary>The result, once there is one.</summary>
    public TResult Value => _value;

    protected override string Name => cache.Name;

    /// <summary>Runs the function in the flow of this caller, the first.</summary>
    public TResult Compute(Func<TResult> compute)
    {
        Begin();
        try
        {
            _value = compute();
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
            Fail();
            Release();
            throw;
        }
        finally
        {
            Leave();
        }

        HandOut();
        Release();
        return _value;
    }

    /// <summary>The result for a later caller, who waits for it if need be.</summary>
    /// <returns>False when there is none after all, and this caller may compute it.</returns>
    public bool TryShare(Func<TResult> compute, out TResult value)
    {
        value = default!;
        var hasWaited = !_isKept && !_isHandedOut;
        if (hasWaited && !TryWait())
        {
            return false;
        }

        value = _value;
        if (_isKept || value is not Task task)
        {
            return true;
        }

        if (task.IsCompleted)
        {
            if (task.IsCompletedSuccessfully || (hasWaited && (task.IsFaulted || IsCallerCancelled())))
            {
                return true;
            }

            cache.Forget(this);
            return false;
        }

        EnsureNotWithin();
        if (_call != IsolatedContext.Current && SharedTasks<TResult>.Form is { } form)
        {
            value = form.Follow(value, IsolatedContext.Current, () => cache.Invoke(key, compute, out _));
        }

        return true;
    }

    private static bool IsCallerCancelled() => IsolatedContext.Current is { CancellationToken.IsCancellationRequested: true };

    private bool TryWait()
    {
        if (Volatile.Read(ref _end) is not { } end)
        {
            return _isHandedOut;
        }

        WaitFor(end, IsolatedContext.Current?.CancellationToken ?? CancellationToken.None);
        if (_failure is { SourceException: var error } && (error is not OperationCanceledException || IsCallerCancelled()))
        {
            _failure.Throw();
        }

        // What died of its first caller's cancellation is computed again.
        return _isHandedOut;
    }

    private void HandOut()
    {
        if (_value is not Task task || task.IsCompletedSuccessfully)
        {
            Keep();
        }
        else if (task.IsCompleted)
        {
            Fail();
        }
        else
        {
            // Registered before anyone else has the task: once its failure is visible, the entry is removed.
            task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => OnCompleted(task));
        }

        _isHandedOut = true;
    }

    private void OnCompleted(Task task)
    {
        if (task.IsCompletedSuccessfully)
        {
            Keep();
        }
        else
        {
            Fail();
        }
    }

    private void Keep()
    {
        cache.Store.Made(_value is Task task ? TaskResult.Of(task) : _value);
        _isKept = true;
        Settle();
        _call = null;
    }

    private void Fail()
    {
        cache.Forget(this);
        Settle();
        _call = null;
    }

    private void Release()
    {
        var end = _end!;
        Volatile.Write(ref _end, null);
        end.Set();
    }
}
