using FalServerless.Calls;
using FalServerless.Capture;

namespace FalServerless;

/// <summary>What every isolated function has that takes inputs: calls for many of them.</summary>
/// <typeparam name="TSelf">The function's own type.</typeparam>
/// <typeparam name="TInput">The type of the input; for several inputs, a tuple of theirs.</typeparam>
public abstract class IsolatedInputs<TSelf, TInput> : IsolatedTarget<TSelf>
    where TSelf : IsolatedTarget<TSelf>
{
    private protected IsolatedInputs(CapturedFunction function, IsolatedOptions options)
        : base(function, options) { }

    /// <summary>Calls the function for each input and waits for all calls; what they return is dropped.</summary>
    /// <param name="inputs">The inputs. They are read as calls become free; a function of several inputs takes tuples.</param>
    /// <param name="concurrency">How many calls go on at once, 1 to 65535; null, the default, is 16. What the host has no workers for waits
    /// there.</param>
    /// <param name="cancellationToken">Cancels all calls.</param>
    /// <exception cref="ArgumentOutOfRangeException">The concurrency is out of range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="TimeoutException">A call took longer than its <see cref="IsolatedOptions.Timeout"/>.</exception>
    /// <remarks>
    /// The first call that fails cancels the others, and what it threw is thrown, with the index of its input, from 0, in
    /// <see cref="Exception.Data"/> under <c>FalServerless.InputIndex</c>.
    /// </remarks>
    public Task ForEachAsync(IEnumerable<TInput> inputs, int? concurrency = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return ForEachAsync(new SynchronousInputs<TInput>(inputs), concurrency, cancellationToken);
    }

    /// <summary>Calls the function for each input and waits for all calls; what they return is dropped.</summary>
    /// <param name="inputs">The inputs. They are read as calls become free; a function of several inputs takes tuples.</param>
    /// <param name="concurrency">How many calls go on at once, 1 to 65535; null, the default, is 16. What the host has no workers for waits
    /// there.</param>
    /// <param name="cancellationToken">Cancels all calls.</param>
    /// <exception cref="ArgumentOutOfRangeException">The concurrency is out of range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="TimeoutException">A call took longer than its <see cref="IsolatedOptions.Timeout"/>.</exception>
    /// <remarks>
    /// The first call that fails cancels the others, and what it threw is thrown, with the index of its input, from 0, in
    /// <see cref="Exception.Data"/> under <c>FalServerless.InputIndex</c>.
    /// </remarks>
    public Task ForEachAsync(IAsyncEnumerable<TInput> inputs, int? concurrency = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return ForEachAsync(new BoundedCallRunner<TInput, bool>(inputs, CallOnceAsync, isOrdered: false, concurrency), cancellationToken);
    }

    private protected abstract Task CallAsync(TInput input, CancellationToken cancellationToken);

    private static async Task ForEachAsync(BoundedCallRunner<TInput, bool> calls, CancellationToken cancellationToken)
    {
        await foreach (var _ in calls.RunAsync(cancellationToken).ConfigureAwait(false)) { }
    }

    private async Task<bool> CallOnceAsync(TInput input, int _, CancellationToken cancellationToken)
    {
        await CallAsync(input, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
