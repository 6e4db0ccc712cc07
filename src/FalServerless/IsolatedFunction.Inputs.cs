using FalServerless.Calls;

namespace FalServerless;

public sealed partial class IsolatedFunction<T, TResult>
{
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
    public Task ForEachAsync(IEnumerable<T> inputs, int? concurrency = null, CancellationToken cancellationToken = default) =>
        InputCalls.ForEachAsync(inputs, InvokeAsync, concurrency, cancellationToken);

    /// <inheritdoc cref="ForEachAsync(IEnumerable{T}, int?, CancellationToken)"/>
    public Task ForEachAsync(IAsyncEnumerable<T> inputs, int? concurrency = null, CancellationToken cancellationToken = default) =>
        InputCalls.ForEachAsync(inputs, InvokeAsync, concurrency, cancellationToken);

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
        IEnumerable<T> inputs,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    ) => InputCalls.Map(inputs, InvokeAsync, ordered, concurrency, cancellationToken);

    /// <inheritdoc cref="MapAsync(IEnumerable{T}, bool, int?, CancellationToken)"/>
    public IAsyncEnumerable<TResult> MapAsync(
        IAsyncEnumerable<T> inputs,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    ) => InputCalls.Map(inputs, InvokeAsync, ordered, concurrency, cancellationToken);

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
        IEnumerable<T> inputs,
        bool returnExceptions,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    ) => InputCalls.MapOutcomes(inputs, InvokeAsync, returnExceptions, ordered, concurrency, cancellationToken);

    /// <inheritdoc cref="MapAsync(IEnumerable{T}, bool, bool, int?, CancellationToken)"/>
    public IAsyncEnumerable<MapResult<TResult>> MapAsync(
        IAsyncEnumerable<T> inputs,
        bool returnExceptions,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    ) => InputCalls.MapOutcomes(inputs, InvokeAsync, returnExceptions, ordered, concurrency, cancellationToken);
}

public sealed partial class IsolatedFunction<T1, T2, TResult>
{
    /// <inheritdoc cref="IsolatedFunction{T, TResult}.ForEachAsync(IEnumerable{T}, int?, CancellationToken)"/>
    public Task ForEachAsync(IEnumerable<(T1, T2)> inputs, int? concurrency = null, CancellationToken cancellationToken = default) =>
        InputCalls.ForEachAsync(inputs, CallAsync, concurrency, cancellationToken);

    /// <inheritdoc cref="IsolatedFunction{T, TResult}.ForEachAsync(IEnumerable{T}, int?, CancellationToken)"/>
    public Task ForEachAsync(IAsyncEnumerable<(T1, T2)> inputs, int? concurrency = null, CancellationToken cancellationToken = default) =>
        InputCalls.ForEachAsync(inputs, CallAsync, concurrency, cancellationToken);

    /// <inheritdoc cref="IsolatedFunction{T, TResult}.MapAsync(IEnumerable{T}, bool, int?, CancellationToken)"/>
    public IAsyncEnumerable<TResult> MapAsync(
        IEnumerable<(T1, T2)> inputs,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    ) => InputCalls.Map(inputs, CallAsync, ordered, concurrency, cancellationToken);

    /// <inheritdoc cref="IsolatedFunction{T, TResult}.MapAsync(IEnumerable{T}, bool, int?, CancellationToken)"/>
    public IAsyncEnumerable<TResult> MapAsync(
        IAsyncEnumerable<(T1, T2)> inputs,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    ) => InputCalls.Map(inputs, CallAsync, ordered, concurrency, cancellationToken);

    /// <inheritdoc cref="IsolatedFunction{T, TResult}.MapAsync(IEnumerable{T}, bool, bool, int?, CancellationToken)"/>
    public IAsyncEnumerable<MapResult<TResult>> MapAsync(
        IEnumerable<(T1, T2)> inputs,
        bool returnExceptions,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    ) => InputCalls.MapOutcomes(inputs, CallAsync, returnExceptions, ordered, concurrency, cancellationToken);

    /// <inheritdoc cref="IsolatedFunction{T, TResult}.MapAsync(IEnumerable{T}, bool, bool, int?, CancellationToken)"/>
    public IAsyncEnumerable<MapResult<TResult>> MapAsync(
        IAsyncEnumerable<(T1, T2)> inputs,
        bool returnExceptions,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    ) => InputCalls.MapOutcomes(inputs, CallAsync, returnExceptions, ordered, concurrency, cancellationToken);

    private Task<TResult> CallAsync((T1, T2) input, CancellationToken cancellationToken) =>
        InvokeAsync(input.Item1, input.Item2, cancellationToken);
}

public sealed partial class IsolatedFunction<T1, T2, T3, TResult>
{
    /// <inheritdoc cref="IsolatedFunction{T, TResult}.ForEachAsync(IEnumerable{T}, int?, CancellationToken)"/>
    public Task ForEachAsync(IEnumerable<(T1, T2, T3)> inputs, int? concurrency = null, CancellationToken cancellationToken = default) =>
        InputCalls.ForEachAsync(inputs, CallAsync, concurrency, cancellationToken);

    /// <inheritdoc cref="IsolatedFunction{T, TResult}.ForEachAsync(IEnumerable{T}, int?, CancellationToken)"/>
    public Task ForEachAsync(
        IAsyncEnumerable<(T1, T2, T3)> inputs,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    ) => InputCalls.ForEachAsync(inputs, CallAsync, concurrency, cancellationToken);

    /// <inheritdoc cref="IsolatedFunction{T, TResult}.MapAsync(IEnumerable{T}, bool, int?, CancellationToken)"/>
    public IAsyncEnumerable<TResult> MapAsync(
        IEnumerable<(T1, T2, T3)> inputs,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    ) => InputCalls.Map(inputs, CallAsync, ordered, concurrency, cancellationToken);

    /// <inheritdoc cref="IsolatedFunction{T, TResult}.MapAsync(IEnumerable{T}, bool, int?, CancellationToken)"/>
    public IAsyncEnumerable<TResult> MapAsync(
        IAsyncEnumerable<(T1, T2, T3)> inputs,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    ) => InputCalls.Map(inputs, CallAsync, ordered, concurrency, cancellationToken);

    /// <inheritdoc cref="IsolatedFunction{T, TResult}.MapAsync(IEnumerable{T}, bool, bool, int?, CancellationToken)"/>
    public IAsyncEnumerable<MapResult<TResult>> MapAsync(
        IEnumerable<(T1, T2, T3)> inputs,
        bool returnExceptions,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    ) => InputCalls.MapOutcomes(inputs, CallAsync, returnExceptions, ordered, concurrency, cancellationToken);

    /// <inheritdoc cref="IsolatedFunction{T, TResult}.MapAsync(IEnumerable{T}, bool, bool, int?, CancellationToken)"/>
    public IAsyncEnumerable<MapResult<TResult>> MapAsync(
        IAsyncEnumerable<(T1, T2, T3)> inputs,
        bool returnExceptions,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    ) => InputCalls.MapOutcomes(inputs, CallAsync, returnExceptions, ordered, concurrency, cancellationToken);

    private Task<TResult> CallAsync((T1, T2, T3) input, CancellationToken cancellationToken) =>
        InvokeAsync(input.Item1, input.Item2, input.Item3, cancellationToken);
}

public sealed partial class IsolatedFunction<T1, T2, T3, T4, TResult>
{
    /// <inheritdoc cref="IsolatedFunction{T, TResult}.ForEachAsync(IEnumerable{T}, int?, CancellationToken)"/>
    public Task ForEachAsync(
        IEnumerable<(T1, T2, T3, T4)> inputs,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    ) => InputCalls.ForEachAsync(inputs, CallAsync, concurrency, cancellationToken);

    /// <inheritdoc cref="IsolatedFunction{T, TResult}.ForEachAsync(IEnumerable{T}, int?, CancellationToken)"/>
    public Task ForEachAsync(
        IAsyncEnumerable<(T1, T2, T3, T4)> inputs,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    ) => InputCalls.ForEachAsync(inputs, CallAsync, concurrency, cancellationToken);

    /// <inheritdoc cref="IsolatedFunction{T, TResult}.MapAsync(IEnumerable{T}, bool, int?, CancellationToken)"/>
    public IAsyncEnumerable<TResult> MapAsync(
        IEnumerable<(T1, T2, T3, T4)> inputs,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    ) => InputCalls.Map(inputs, CallAsync, ordered, concurrency, cancellationToken);

    /// <inheritdoc cref="IsolatedFunction{T, TResult}.MapAsync(IEnumerable{T}, bool, int?, CancellationToken)"/>
    public IAsyncEnumerable<TResult> MapAsync(
        IAsyncEnumerable<(T1, T2, T3, T4)> inputs,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    ) => InputCalls.Map(inputs, CallAsync, ordered, concurrency, cancellationToken);

    /// <inheritdoc cref="IsolatedFunction{T, TResult}.MapAsync(IEnumerable{T}, bool, bool, int?, CancellationToken)"/>
    public IAsyncEnumerable<MapResult<TResult>> MapAsync(
        IEnumerable<(T1, T2, T3, T4)> inputs,
        bool returnExceptions,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    ) => InputCalls.MapOutcomes(inputs, CallAsync, returnExceptions, ordered, concurrency, cancellationToken);

    /// <inheritdoc cref="IsolatedFunction{T, TResult}.MapAsync(IEnumerable{T}, bool, bool, int?, CancellationToken)"/>
    public IAsyncEnumerable<MapResult<TResult>> MapAsync(
        IAsyncEnumerable<(T1, T2, T3, T4)> inputs,
        bool returnExceptions,
        bool ordered = true,
        int? concurrency = null,
        CancellationToken cancellationToken = default
    ) => InputCalls.MapOutcomes(inputs, CallAsync, returnExceptions, ordered, concurrency, cancellationToken);

    private Task<TResult> CallAsync((T1, T2, T3, T4) input, CancellationToken cancellationToken) =>
        InvokeAsync(input.Item1, input.Item2, input.Item3, input.Item4, cancellationToken);
}
