using System.Buffers;
using FalServerless.Capture;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;

namespace FalServerless.Transport;

/// <summary>Posts a call, and gives the host first what it lacks of the function.</summary>
internal static class FunctionDelivery
{
    // Unknown function, then missing content, then once more each if the host forgets in between.
    private const int MaximumAttempts = 4;

    /// <summary>
    /// The events of the call. The manifest is sent along until the host has answered to it once: it is small, and so a program's first
    /// call of a function that the host has from an earlier program takes one request.
    /// </summary>
    /// <exception cref="ConnectionBrokenException">The connection broke.</exception>
    /// <exception cref="FalServerlessException">The host refuses the call.</exception>
    public static async ValueTask<EventReader> PostAsync(
        RuntimeClient client,
        FunctionCode code,
        InvocationRequest request,
        CancellationToken cancellationToken
    ) =>
        await DeliverAsync(client, code, request, cancellationToken).ConfigureAwait(false)
        ?? throw new ProtocolException("The host stored a call that it should have answered.");

    /// <summary>Submits a detached call; returns once the host has persisted it.</summary>
    /// <exception cref="ConnectionBrokenException">The connection broke.</exception>
    /// <exception cref="FalServerlessException">The host refuses the call.</exception>
    public static async ValueTask SubmitAsync(
        RuntimeClient client,
        FunctionCode code,
        InvocationRequest request,
        CancellationToken cancellationToken
    )
    {
        using var events = await DeliverAsync(client, code, request, cancellationToken).ConfigureAwait(false);
        if (events is not null)
        {
            // A call that was cancelled before it came has its end at once.
            var (kind, payload) = await events.ReadAsync(cancellationToken).ConfigureAwait(false);
            throw kind == InvocationEventKind.Refusal
                ? client.Refused(RefusalCodec.Read(new(payload)))
                : new ProtocolException("The host answered a call that it should have stored.");
        }
    }

    // Null for a call that the host keeps.
    private static async ValueTask<EventReader?> DeliverAsync(
        RuntimeClient client,
        FunctionCode code,
        InvocationRequest request,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var head = new ArrayBufferWriter<byte>(256);
            InvocationRequestCodec.WriteHead(
                head,
                client.Knows(code.Identity) ? request : request with { Manifest = code.Manifest },
                request.Payload.Length
            );
            using var content = new MessageContent(head.WrittenMemory, request.Payload);
            var (events, refusal) = await client.PostAsync(content, cancellationToken).ConfigureAwait(false);
            if (refusal is null)
            {
                client.Remember(code.Identity);
                return events;
            }

            if (attempt == MaximumAttempts || !await SupplyMissingAsync(client, code, refusal, cancellationToken).ConfigureAwait(false))
            {
                throw client.Refused(refusal);
            }
        }
    }

    // Gives the host what it asks for; false when it asks for nothing that could be given.
    private static async Task<bool> SupplyMissingAsync(
        RuntimeClient client,
        FunctionCode code,
        Refusal refusal,
        CancellationToken cancellationToken
    )
    {
        switch (refusal.Reason)
        {
            case RefusalReason.UnknownFunction:
                client.Forget(code.Identity);
                return true;
            case RefusalReason.MissingContent:
                await Parallel
                    .ForEachAsync(
                        refusal.Missing,
                        cancellationToken,
                        async (hash, cancellation) => await client.UploadAsync(hash, code.FileOf(hash), cancellation).ConfigureAwait(false)
                    )
                    .ConfigureAwait(false);
                return true;
            default:
                return false;
        }
    }
}
