using FalServerless.Calls;
using FalServerless.Capture;

namespace FalServerless;

/// <summary>What every isolated function has that takes inputs and returns a value: results for many inputs.</summary>
/// <typeparam name="TSelf">The function's own type.</typeparam>
/// <typeparam name="TInput">The type of the input; for several inputs, a tuple of theirs.</typeparam>
/// <typeparam name="TResult">The type of the result.</typeparam>
public abstract class IsolatedMap<TSelf, TInput, TResult> : IsolatedInputs<TSelf, TInput>
    where TSelf : IsolatedTarget<TSelf>
{
    private protected IsolatedMap(CapturedFunction function, IsolatedOptions options)
        : base(function, options) { }

    /// <summary>Calls the function for each input, several at once. Nothing is called before the results are read.</summary>
    /// <param name="inputs">The inputs. They are read as calls become free; a function of several inputs takes tuples.</param>
    /// <param name="ordered">Whether the results come in the order of the inputs, which is the default; else as they are there.</param>
    /// <param name="concurrency">How many calls may be ahead of the reader, running or waiting to be read, 1 to 65535; null, the default,
    /// is 16. What the host has no workers for waits there.</param>
    /// <param name="cancellationToken">Cancels all calls.</param>
    /// <exception cref="ArgumentOutOfRangeException">The concurrency is out of range.</exception>
    /// <exception cref="TimeoutException">A call took longer than its <see cref="IsolatedOptions.Timeout"/>; thrown while the results are
    /// read, as is what a body throws.</exception>
    /// <remarks>
    /// The first call that fails cancels the others, and what it threw is thrown, with the index of its input, from 0, in
    /// <see cref="Exception.Data"/> under <c>FalServerless.InputIndex</c>. Leaving the results early cancels what runs.
    /// </remarks>
    public IAsyncEnumerable<TResult> MapAsync(
        IEnumerable<TInput> inputs,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return MapAsync(new SynchronousInputs<TInput>(inputs), ordered, concurrency, cancellationToken);
    }

    /// <inheritdoc cref="MapAsync(IEnumerable{TInput}, bool, int?, CancellationToken)"/>
    public IAsyncEnumerable<TResult> MapAsync(
        IAsyncEnumerable<TInput> inputs,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return new BoundedCallRunner<TInput, TResult>(
            inputs,
            (input, _, cancellation) => ResultOfAsync(input, cancellation),
            ordered,
            concurrency
        ).RunAsync(cancellationToken);
    }

    /// <summary>
    /// Calls the function for each input, several at once, and gives what became of each: with <paramref name="returnExceptions"/>, a call
    /// that fails ends nothing.
    /// </summary>
    /// <param name="inputs">The inputs. They are read as calls become free; a function of several inputs takes tuples.</param>
    /// <param name="returnExceptions">Whether what a call throws is given as its result; else the first call that fails cancels the others,
    /// and what it threw is thrown.</param>
    /// <param name="ordered">Whether the results come in the order of the inputs, which is the default; else as they are there.</param>
    /// <param name="concurrency">How many calls may be ahead of the reader, running or waiting to be read, 1 to 65535; null, the default,
    /// is 16. What the host has no workers for waits there.</param>
    /// <param name="cancellationToken">Cancels all calls.</param>
    /// <exception cref="ArgumentOutOfRangeException">The concurrency is out of range.</exception>
    /// <remarks>Leaving the results early cancels what runs.</remarks>
    public IAsyncEnumerable<MapResult<TResult>> MapAsync(
        IEnumerable<TInput> inputs,
        bool returnExceptions,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return MapAsync(new SynchronousInputs<TInput>(inputs), returnExceptions, ordered, concurrency, cancellationToken);
    }

    /// <inheritdoc cref="MapAsync(IEnumerable{TInput}, bool, bool, int?, CancellationToken)"/>
    public IAsyncEnumerable<MapResult<TResult>> MapAsync(
        IAsyncEnumerable<TInput> inputs,
        bool returnExceptions,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return new BoundedCallRunner<TInput, MapResult<TResult>>(
            inputs,
            (input, index, cancellation) => OutcomeOfAsync(input, index, returnExceptions, cancellation),
            ordered,
            concurrency
        ).RunAsync(cancellationToken);
    }

    private protected abstract Task<TResult> ResultOfAsync(TInput input, CancellationToken cancellationToken);

    private protected sealed override Task CallAsync(TInput input, CancellationToken cancellationToken) =>
        ResultOfAsync(input, cancellationToken);

    private async Task<MapResult<TResult>> OutcomeOfAsync(
        TInput input,
        int index,
        bool returnExceptions,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return new() { Index = index, Value = await ResultOfAsync(input, cancellationToken).ConfigureAwait(false) };
        }
        catch (Exception e) when (returnExceptions && !cancellationToken.IsCancellationRequested)
        {
            return new() { Index = index, Exception = e };
        }
    }
}
