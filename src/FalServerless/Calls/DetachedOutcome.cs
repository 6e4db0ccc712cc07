using System.Buffers;
using System.Runtime.CompilerServices;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Transport;

namespace FalServerless.Calls;

/// <summary>Reads what became of a detached call, as often as it is asked.</summary>
/// <param name="client">The way to its host.</param>
/// <param name="id">The call's.</param>
/// <param name="codecs">How its values and failures are read here.</param>
/// <param name="ended">Receives how the call ended, as far as its last event says.</param>
internal sealed class DetachedOutcome(DetachedClient client, Guid id, Lazy<FunctionCodecs> codecs, Action<InvocationStatus?> ended)
{
    /// <summary>Waits for the call to succeed.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var events = Open();
        while (await ReadAsync(events, cancellationToken).ConfigureAwait(false) is { Kind: InvocationEventKind.Item }) { }
    }

    /// <summary>Waits for the result.</summary>
    public async Task<object?> ReadResultAsync(Type type, CancellationToken cancellationToken)
    {
        using var events = Open();
        var (kind, payload) = await ReadAsync(events, cancellationToken).ConfigureAwait(false);
        return kind == InvocationEventKind.Result
            ? ReadValue(payload, type)
            : throw new ProtocolException(
                $"The result of the call {id:n} is a stream: ask for it as an IAsyncEnumerable of what its items are."
            );
    }

    /// <summary>The items of the result, as they come.</summary>
    public async IAsyncEnumerable<object?> ReadItemsAsync(Type type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var events = Open();
        while (await ReadAsync(events, cancellationToken).ConfigureAwait(false) is (var kind, var payload))
        {
            if (kind == InvocationEventKind.Item)
            {
                yield return ReadValue(payload, type);
            }
            else if (payload.IsEmpty)
            {
                yield break;
            }
            else
            {
                throw new ProtocolException($"The result of the call {id:n} is one value, not a stream: ask for it as what it is.");
            }
        }
    }

    private DetachedEvents Open() => new(client, id, Routes.OnlyOutcome, from: 0, follow: true);

    private object? ReadValue(in ReadOnlySequence<byte> payload, Type type)
    {
        if (type == typeof(void))
        {
            return null;
        }

        try
        {
            return codecs.Value.Values.Read(payload, type);
        }
        catch (ProtocolException e)
        {
            throw new ProtocolException($"The result of the call {id:n} cannot be read as '{type}': {e.Message}", e);
        }
    }

    // A result or an item; anything else is thrown.
    private async ValueTask<(InvocationEventKind Kind, ReadOnlySequence<byte> Payload)> ReadAsync(
        DetachedEvents events,
        CancellationToken cancellationToken
    )
    {
        var (kind, payload) =
            await events.ReadAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new ProtocolException($"The host ended the events of the call {id:n} before its outcome.");
        switch (kind)
        {
            case InvocationEventKind.Item:
                return (kind, payload);
            case InvocationEventKind.Result:
                ended(InvocationStatus.Succeeded);
                return (kind, payload);
            case InvocationEventKind.Failure:
                ended(InvocationStatus.Failed);
                throw codecs.Value.Failures.Read(payload);
            case InvocationEventKind.Refusal:
                var refusal = RefusalCodec.Read(payload);
                ended(
                    refusal.Reason switch
                    {
                        RefusalReason.Cancelled => InvocationStatus.Cancelled,

                        // Its worker, or its host with it.
                        RefusalReason.WorkerCrashed => null,
                        _ => InvocationStatus.Failed,
                    }
                );
                throw RefusalErrors.ToException(refusal);
            default:
                throw new ProtocolException($"The host sent an event of kind {(int)kind} where the outcome of the call {id:n} should be.");
        }
    }
}
