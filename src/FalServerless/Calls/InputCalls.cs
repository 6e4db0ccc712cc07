namespace FalServerless.Calls;

/// <summary>
/// Calls a function for each of many inputs. What is wrong with the arguments is thrown at once, before anything is read.
/// </summary>
internal static class InputCalls
{
    public static Task ForEachAsync<TInput>(
        IEnumerable<TInput> inputs,
        Func<TInput, CancellationToken, Task> call,
        int? concurrency,
        CancellationToken cancellationToken
    ) => ForEachAsync(WithoutWaiting(inputs), call, concurrency, cancellationToken);

    public static Task ForEachAsync<TInput>(
        IAsyncEnumerable<TInput> inputs,
        Func<TInput, CancellationToken, Task> call,
        int? concurrency,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return ReadAllAsync(
            new BoundedCallRunner<TInput, bool>(
                inputs,
                async (input, _, cancellation) =>
                {
                    await call(input, cancellation).ConfigureAwait(false);
                    return true;
                },
                isOrdered: false,
                concurrency
            ),
            cancellationToken
        );
    }

    public static IAsyncEnumerable<TResult> Map<TInput, TResult>(
        IEnumerable<TInput> inputs,
        Func<TInput, CancellationToken, Task<TResult>> call,
        bool ordered,
        int? concurrency,
        CancellationToken cancellationToken
    ) => Map(WithoutWaiting(inputs), call, ordered, concurrency, cancellationToken);

    public static IAsyncEnumerable<TResult> Map<TInput, TResult>(
        IAsyncEnumerable<TInput> inputs,
        Func<TInput, CancellationToken, Task<TResult>> call,
        bool ordered,
        int? concurrency,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return new BoundedCallRunner<TInput, TResult>(
            inputs,
            (input, _, cancellation) => call(input, cancellation),
            ordered,
            concurrency
        ).RunAsync(cancellationToken);
    }

    public static IAsyncEnumerable<MapResult<TResult>> MapOutcomes<TInput, TResult>(
        IEnumerable<TInput> inputs,
        Func<TInput, CancellationToken, Task<TResult>> call,
        bool returnExceptions,
        bool ordered,
        int? concurrency,
        CancellationToken cancellationToken
    ) => MapOutcomes(WithoutWaiting(inputs), call, returnExceptions, ordered, concurrency, cancellationToken);

    public static IAsyncEnumerable<MapResult<TResult>> MapOutcomes<TInput, TResult>(
        IAsyncEnumerable<TInput> inputs,
        Func<TInput, CancellationToken, Task<TResult>> call,
        bool returnExceptions,
        bool ordered,
        int? concurrency,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return new BoundedCallRunner<TInput, MapResult<TResult>>(
            inputs,
            async (input, index, cancellation) =>
            {
                try
                {
                    return new() { Index = index, Value = await call(input, cancellation).ConfigureAwait(false) };
                }
                catch (Exception e) when (returnExceptions && !cancellation.IsCancellationRequested)
                {
                    return new() { Index = index, Exception = e };
                }
            },
            ordered,
            concurrency
        ).RunAsync(cancellationToken);
    }

    private static SynchronousInputs<TInput> WithoutWaiting<TInput>(IEnumerable<TInput> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return new(inputs);
    }

    private static async Task ReadAllAsync<TInput>(BoundedCallRunner<TInput, bool> calls, CancellationToken cancellationToken)
    {
        await foreach (var _ in calls.RunAsync(cancellationToken).ConfigureAwait(false)) { }
    }
}
