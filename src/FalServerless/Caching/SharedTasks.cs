namespace FalServerless.Caching;

/// <summary>How later calls wait for a task that an earlier one started.</summary>
internal abstract class SharedTasks<TResult>
{
    /// <summary>Null where results are no tasks.</summary>
    public static SharedTasks<TResult>? Form { get; } = Make();

    /// <summary>
    /// A task for another call than the one that started the shared one: it ends when its own call is cancelled, and computes again when
    /// the shared one was cancelled with its call.
    /// </summary>
    public abstract TResult Follow(TResult shared, IsolatedContext? call, Func<TResult> again);

    private static SharedTasks<TResult>? Make() =>
        typeof(TResult) == typeof(Task) ? (SharedTasks<TResult>)(object)new PlainTasks()
        : typeof(TResult) is { IsConstructedGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Task<>)
            ? (SharedTasks<TResult>)Activator.CreateInstance(typeof(TasksOf<>).MakeGenericType(type.GetGenericArguments()))!
        : null;
}

/// <inheritdoc/>
internal sealed class PlainTasks : SharedTasks<Task>
{
    public override async Task Follow(Task shared, IsolatedContext? call, Func<Task> again)
    {
        try
        {
            await shared.WaitAsync(call?.CancellationToken ?? CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (call is not { CancellationToken.IsCancellationRequested: true })
        {
            await again().ConfigureAwait(false);
        }
    }
}

/// <inheritdoc/>
internal sealed class TasksOf<T> : SharedTasks<Task<T>>
{
    public override async Task<T> Follow(Task<T> shared, IsolatedContext? call, Func<Task<T>> again)
    {
        try
        {
            return await shared.WaitAsync(call?.CancellationToken ?? CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (call is not { CancellationToken.IsCancellationRequested: true })
        {
            return await again().ConfigureAwait(false);
        }
    }
}
