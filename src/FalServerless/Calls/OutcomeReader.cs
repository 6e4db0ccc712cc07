using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Transport;

namespace FalServerless.Calls;

/// <summary>Reads what becomes of a call, and gives its log lines away as they come.</summary>
/// <param name="codecs">Those of the function.</param>
/// <param name="type">What is sent: the type of the result, or of the items; <see cref="void"/> for nothing.</param>
/// <param name="log">Receives the lines, with the id of their call.</param>
internal sealed class OutcomeReader(FunctionCodecs codecs, Type type, Action<Guid, LogEntry> log)
{
    /// <summary>The value that the body returned; null for none.</summary>
    public async ValueTask<object?> ReadResultAsync(RemoteCall call, CancellationToken cancellationToken)
    {
        var (kind, payload) = await ReadAsync(call, cancellationToken).ConfigureAwait(false);
        if (kind != InvocationEventKind.Result)
        {
            throw new ProtocolException("The host sent an item of a stream for a body that returns none.");
        }

        var result = type == typeof(void) ? Nothing(payload) : codecs.Values.Read(payload, type);
        await call.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return result;
    }

    /// <summary>The next item that the body made; without one, the stream has ended.</summary>
    public async ValueTask<(bool HasItem, object? Item)> ReadItemAsync(RemoteCall call, CancellationToken cancellationToken)
    {
        var (kind, payload) = await ReadAsync(call, cancellationToken).ConfigureAwait(false);
        if (kind == InvocationEventKind.Item)
        {
            return (true, codecs.Values.Read(payload, type));
        }

        Nothing(payload);
        await call.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return (false, null);
    }

    /// <summary>Reads what a body says after its reader has left, to its end. Whatever else comes is of no interest.</summary>
    public async Task ReadLastLinesAsync(RemoteCall call, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (kind, payload) = await call.ReadAsync(cancellationToken).ConfigureAwait(false);
            switch (kind)
            {
                case InvocationEventKind.Log:
                    log(call.Id, LogEntryCodec.Read(payload));
                    break;
                case InvocationEventKind.Item:
                    break;
                default:
                    return;
            }
        }
    }

    private static object? Nothing(in ReadOnlySequence<byte> payload) =>
        payload.IsEmpty ? null : throw new ProtocolException("The host sent a result for a body that has none.");

    // A result or an item; anything else is thrown.
    private async ValueTask<(InvocationEventKind Kind, ReadOnlySequence<byte> Payload)> ReadAsync(
        RemoteCall call,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var read = await call.ReadAsync(cancellationToken).ConfigureAwait(false);
            switch (read.Kind)
            {
                case InvocationEventKind.Log:
                    log(call.Id, LogEntryCodec.Read(read.Payload));
                    break;
                case InvocationEventKind.Result or InvocationEventKind.Item:
                    return read;
                case InvocationEventKind.Failure:
                    throw codecs.Failures.Read(read.Payload);
                case InvocationEventKind.Refusal:
                    throw RefusalErrors.ToException(RefusalCodec.Read(read.Payload));
                default:
                    throw new ProtocolException($"The host sent an event of kind {(int)read.Kind} where the call's outcome should be.");
            }
        }
    }
}
