using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Serialization.Text;
using FalServerless.Transport;

namespace FalServerless.Tool.Invocations;

/// <summary>How a detached call ended that the host's record says no more of than that it failed.</summary>
internal static class InvocationEnd
{
    /// <summary>What the body threw; null where it threw nothing, or the call has not ended.</summary>
    public static async Task<FailureText?> FailureAsync(DetachedClient client, InvocationRecord call, CancellationToken cancellationToken)
    {
        if (call.Status != InvocationStatus.Failed || call.Error is not null)
        {
            return null;
        }

        using var events = new DetachedEvents(client, call.Id, Routes.OnlyOutcome, from: 0, follow: false);
        while (await events.ReadAsync(cancellationToken) is (var kind, var payload))
        {
            if (kind == InvocationEventKind.Failure)
            {
                return FailureText.Read(payload);
            }

            if (kind == InvocationEventKind.Refusal)
            {
                return new("", RefusalCodec.Read(payload).Message, null, []);
            }
        }

        return null;
    }

    /// <summary>The call's error in one line; null where there is none.</summary>
    public static async Task<string?> ErrorAsync(DetachedClient client, InvocationRecord call, CancellationToken cancellationToken) =>
        call.Error ?? (await FailureAsync(client, call, cancellationToken))?.Headline;
}
