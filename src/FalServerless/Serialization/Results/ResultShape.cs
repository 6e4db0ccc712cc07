using System.Collections.Concurrent;

namespace FalServerless.Serialization.Results;

/// <summary>
/// What of a declared result is sent. Of a task it is what the task gives, awaited in the worker; of a stream it is each item, as it comes;
/// of anything else the value itself.
/// </summary>
internal abstract class ResultShape
{
    private static readonly ConcurrentDictionary<Type, ResultShape> Shapes = new();

    /// <summary>The declared type of what is sent: an item's for a stream, <see cref="void"/> where there is nothing.</summary>
    public abstract Type Value { get; }

    /// <summary>Whether items are sent one by one.</summary>
    public virtual bool IsStream => false;

    /// <summary>The shape of a result that a body declares, <see cref="void"/> included.</summary>
    public static ResultShape Of(Type declared) => Shapes.GetOrAdd(declared, static declared => Make(declared));

    /// <summary>
    /// In the worker: waits for what the body returned, where that is a task. For a stream, gives the <see cref="IAsyncEnumerable{T}"/>
    /// itself.
    /// </summary>
    public abstract ValueTask<object?> AwaitAsync(object? returned);

    /// <summary>In the worker: the items of what <see cref="AwaitAsync"/> gave.</summary>
    /// <exception cref="InvalidOperationException">The result is no stream.</exception>
    public virtual IAsyncEnumerable<object?> Items(object stream) => throw new InvalidOperationException("The result is no stream.");

    /// <summary>At the caller: a value as the declared type has it, in a completed task for instance.</summary>
    public abstract object? Wrap(object? value);

    /// <summary>At the caller: what the declared type has in place of items that come one by one.</summary>
    /// <exception cref="InvalidOperationException">The result is no stream.</exception>
    public virtual object WrapItems(IAsyncEnumerable<object?> items) => throw new InvalidOperationException("The result is no stream.");

    private static ResultShape Make(Type declared)
    {
        if (declared == typeof(Task) || declared == typeof(ValueTask))
        {
            return declared == typeof(Task) ? new TaskShape() : new ValueTaskShape();
        }

        var definition = declared.IsConstructedGenericType ? declared.GetGenericTypeDefinition() : null;
        return definition == typeof(Task<>) ? Make(typeof(TaskShape<>), declared)
            : definition == typeof(ValueTask<>) ? Make(typeof(ValueTaskShape<>), declared)
            : definition == typeof(IAsyncEnumerable<>) ? Make(typeof(StreamShape<>), declared)
            : new PlainShape(declared);
    }

    private static ResultShape Make(Type shape, Type declared) =>
        (ResultShape)Activator.CreateInstance(shape.MakeGenericType(declared.GetGenericArguments()))!;

    private sealed class PlainShape(Type declared) : ResultShape
    {
        public override Type Value => declared;

        public override ValueTask<object?> AwaitAsync(object? returned) => new(returned);

        public override object? Wrap(object? value) => value;
    }

    private sealed class TaskShape : ResultShape
    {
        public override Type Value => typeof(void);

        public override async ValueTask<object?> AwaitAsync(object? returned)
        {
            await Returned<Task>(returned).ConfigureAwait(false);
            return null;
        }

        public override object? Wrap(object? value) => Task.CompletedTask;
    }

    private sealed class ValueTaskShape : ResultShape
    {
        public override Type Value => typeof(void);

        public override async ValueTask<object?> AwaitAsync(object? returned)
        {
            await Returned<ValueTask>(returned).ConfigureAwait(false);
            return null;
        }

        public override object? Wrap(object? value) => ValueTask.CompletedTask;
    }

    /// <summary>A task around a result of any shape.</summary>
    private abstract class AwaitedShape<T> : ResultShape
    {
        public sealed override Type Value => Inner.Value;

        public sealed override bool IsStream => Inner.IsStream;

        protected ResultShape Inner { get; } = Of(typeof(T));

        public sealed override IAsyncEnumerable<object?> Items(object stream) => Inner.Items(stream);

        public sealed override object? Wrap(object? value) => Completed((T)Inner.Wrap(value)!);

        public sealed override object WrapItems(IAsyncEnumerable<object?> items) => Completed((T)Inner.WrapItems(items));

        protected abstract object Completed(T value);
    }

    private sealed class TaskShape<T> : AwaitedShape<T>
    {
        public override ValueTask<object?> AwaitAsync(object? returned)
        {
            var task = Returned<Task<T>>(returned);
            return task.IsCompletedSuccessfully ? Inner.AwaitAsync(task.Result) : WaitAsync(task);
        }

        protected override object Completed(T value) => Task.FromResult(value);

        private async ValueTask<object?> WaitAsync(Task<T> task) =>
            await Inner.AwaitAsync(await task.ConfigureAwait(false)).ConfigureAwait(false);
    }

    private sealed class ValueTaskShape<T> : AwaitedShape<T>
    {
        public override ValueTask<object?> AwaitAsync(object? returned)
        {
            var task = Returned<ValueTask<T>>(returned);
            return task.IsCompletedSuccessfully ? Inner.AwaitAsync(task.Result) : WaitAsync(task);
        }

        protected override object Completed(T value) => new ValueTask<T>(value);

        private async ValueTask<object?> WaitAsync(ValueTask<T> task) =>
            await Inner.AwaitAsync(await task.ConfigureAwait(false)).ConfigureAwait(false);
    }

    private sealed class StreamShape<T> : ResultShape
    {
        public override Type Value => typeof(T);

        public override bool IsStream => true;

        public override ValueTask<object?> AwaitAsync(object? returned) => new(Returned<IAsyncEnumerable<T>>(returned));

        public override IAsyncEnumerable<object?> Items(object stream) => new Boxing((IAsyncEnumerable<T>)stream);

        public override object? Wrap(object? value) => throw new InvalidOperationException("A stream comes item by item.");

        public override object WrapItems(IAsyncEnumerable<object?> items) => new Unboxing(items);

        private sealed class Boxing(IAsyncEnumerable<T> items) : IAsyncEnumerable<object?>
        {
            public IAsyncEnumerator<object?> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
                new Enumerator(items.GetAsyncEnumerator(cancellationToken));

            private sealed class Enumerator(IAsyncEnumerator<T> items) : IAsyncEnumerator<object?>
            {
                public object? Current => items.Current;

                public ValueTask<bool> MoveNextAsync() => items.MoveNextAsync();

                public ValueTask DisposeAsync() => items.DisposeAsync();
            }
        }

        private sealed class Unboxing(IAsyncEnumerable<object?> items) : IAsyncEnumerable<T>
        {
            public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
                new Enumerator(items.GetAsyncEnumerator(cancellationToken));

            private sealed class Enumerator(IAsyncEnumerator<object?> items) : IAsyncEnumerator<T>
            {
                public T Current => (T)items.Current!;

                public ValueTask<bool> MoveNextAsync() => items.MoveNextAsync();

                public ValueTask DisposeAsync() => items.DisposeAsync();
            }
        }
    }

    private static T Returned<T>(object? returned) =>
        returned is T expected
            ? expected
            : throw new InvalidOperationException($"The body returned null where its declared result is '{typeof(T)}'.");
}
