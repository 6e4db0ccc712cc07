using FalServerless.Calls;

namespace FalServerless;

public sealed partial class IsolatedAction<T>
{
    /// <inheritdoc cref="IsolatedFunction{T, TResult}.ForEachAsync(IEnumerable{T}, int?, CancellationToken)"/>
    public Task ForEachAsync(IEnumerable<T> inputs, int? concurrency = null, CancellationToken cancellationToken = default) =>
        InputCalls.ForEachAsync(inputs, InvokeAsync, concurrency, cancellationToken);

    /// <inheritdoc cref="IsolatedFunction{T, TResult}.ForEachAsync(IEnumerable{T}, int?, CancellationToken)"/>
    public Task ForEachAsync(IAsyncEnumerable<T> inputs, int? concurrency = null, CancellationToken cancellationToken = default) =>
        InputCalls.ForEachAsync(inputs, InvokeAsync, concurrency, cancellationToken);
}

public sealed partial class IsolatedAction<T1, T2>
{
    /// <inheritdoc cref="IsolatedFunction{T, TResult}.ForEachAsync(IEnumerable{T}, int?, CancellationToken)"/>
    public Task ForEachAsync(IEnumerable<(T1, T2)> inputs, int? concurrency = null, CancellationToken cancellationToken = default) =>
        InputCalls.ForEachAsync(inputs, CallAsync, concurrency, cancellationToken);

    /// <inheritdoc cref="IsolatedFunction{T, TResult}.ForEachAsync(IEnumerable{T}, int?, CancellationToken)"/>
    public Task ForEachAsync(IAsyncEnumerable<(T1, T2)> inputs, int? concurrency = null, CancellationToken cancellationToken = default) =>
        InputCalls.ForEachAsync(inputs, CallAsync, concurrency, cancellationToken);

    private Task CallAsync((T1, T2) input, CancellationToken cancellationToken) => InvokeAsync(input.Item1, input.Item2, cancellationToken);
}

public sealed partial class IsolatedAction<T1, T2, T3>
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

    private Task CallAsync((T1, T2, T3) input, CancellationToken cancellationToken) =>
        InvokeAsync(input.Item1, input.Item2, input.Item3, cancellationToken);
}

public sealed partial class IsolatedAction<T1, T2, T3, T4>
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

    private Task CallAsync((T1, T2, T3, T4) input, CancellationToken cancellationToken) =>
        InvokeAsync(input.Item1, input.Item2, input.Item3, input.Item4, cancellationToken);
}
