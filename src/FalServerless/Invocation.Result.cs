using System.ComponentModel;
using FalServerless.Calls;
using FalServerless.Serialization.Results;
using FalServerless.Transport;

namespace FalServerless;

/// <summary>A detached call with a result; see <see cref="Invocation"/>.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
public sealed class Invocation<T> : Invocation
{
    internal Invocation(SubmittedCall call)
        : base(call) { }

    internal Invocation(RuntimeClient client, Guid id, InvocationStatus status, Lazy<FunctionCodecs> codecs)
        : base(client, id, status, codecs) { }

    /// <summary>
    /// Waits for the result; may be asked again and again. Throws what <c>InvokeAsync</c> throws: what the body threw, or why the host
    /// could not run it to its end.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting; the call continues.</param>
    /// <returns>
    /// What the body returned. Where that is a stream (<see cref="IAsyncEnumerable{T}"/>), it comes at once, and each reading of it gives
    /// all items from the first on, also while the body makes them. The body does not wait for its readers.
    /// </returns>
    /// <exception cref="WorkerCrashedException">The worker, or the host itself, ended while it ran the call, and no
    /// <see cref="IsolatedOptions.Retries"/> were left.</exception>
    /// <exception cref="InvocationNotFoundException">The host does not keep the call any more.</exception>
    /// <exception cref="HostUnreachableException">The host cannot be reached.</exception>
    /// <exception cref="ProtocolException">The result cannot be read as a <typeparamref name="T"/>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled, or the token.</exception>
    public new async Task<T> GetResultAsync(CancellationToken cancellationToken = default)
    {
        var shape = ResultShape.Of(typeof(T));
        if (shape.IsStream)
        {
            return (T)shape.WrapItems(Outcome.ReadItemsAsync(shape.Value, cancellationToken));
        }

        var result = Outcome.ReadResultAsync(shape.Value, cancellationToken);
        await SettleAsync(result, cancellationToken).ConfigureAwait(false);
        return (T)shape.Wrap(await result.ConfigureAwait(false))!;
    }

    /// <summary>The name that <see cref="GetResultAsync"/> had before; programs that use it still compile.</summary>
    /// <inheritdoc cref="GetResultAsync"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public new Task<T> ResultAsync(CancellationToken cancellationToken = default) => GetResultAsync(cancellationToken);
}
