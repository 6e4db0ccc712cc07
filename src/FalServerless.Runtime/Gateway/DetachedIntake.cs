using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Detached;
using FalServerless.Runtime.Functions;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;

namespace FalServerless.Runtime.Gateway;

/// <summary>Accepts detached calls, each once however often it is sent.</summary>
internal sealed class DetachedIntake(DetachedStart detached, KeyLimits? limits)
{
    /// <summary>Whether the call may come in, or has come already.</summary>
    public async Task<DetachedAnswer> AdmitAsync(HttpContext context, InvocationRequest request, int payloadLength, HostState state)
    {
        try
        {
            var owner = Caller.Of(context).KeyId;
            var calls = await detached.OpenAsync();
            if (calls.Admit(request, owner, out var isKept) is { } refusal)
            {
                return new(refusal.Reason == RefusalReason.Host ? StatusCodes.Status410Gone : StatusCodes.Status400BadRequest, refusal);
            }

            if (isKept)
            {
                return new(StatusCodes.Status202Accepted);
            }

            if (state.IsDraining)
            {
                Refusals.SetRetryAfter(context, state.DrainLimit);
                return new(
                    StatusCodes.Status503ServiceUnavailable,
                    new()
                    {
                        Reason = RefusalReason.Host,
                        Message =
                            "The host is shutting down and takes no new calls. The call was not accepted; submit it again once the "
                            + "host is back.",
                    }
                );
            }

            return limits is not null && new KeyAllowance(owner, limits).RefuseBody(payloadLength) is { } tooLarge
                    ? new(StatusCodes.Status413PayloadTooLarge, tooLarge)
                : await calls.MakeRoomAsync(owner, payloadLength) is { } full ? new(StatusCodes.Status503ServiceUnavailable, full)
                : default;
        }
        catch (Exception e)
            when (e is DetachedStoreException or SqliteException or OperationCanceledException
                && !context.RequestAborted.IsCancellationRequested
            )
        {
            return Failed(e);
        }
    }

    /// <summary>Takes the call in.</summary>
    public async Task<DetachedAnswer> KeepAsync(
        HttpContext context,
        InvocationRequest request,
        StoredFunction function,
        IncomingPayload payload
    )
    {
        try
        {
            var calls = await detached.OpenAsync();
            if (await calls.AddAsync(request, function, Caller.Of(context).KeyId, payload, context.RequestAborted))
            {
                return new(StatusCodes.Status202Accepted);
            }

            // The same request came a moment earlier on another connection, or somebody else's has the id.
            return calls.Admit(request, Caller.Of(context).KeyId, out var isKept) is { } known && !isKept
                ? new(StatusCodes.Status400BadRequest, known)
                : new(StatusCodes.Status202Accepted);
        }
        catch (Exception e)
            when (e
                    is SqliteException
                        or DetachedStoreException
                        or UnauthorizedAccessException
                        or (IOException and not BadHttpRequestException)
                && !context.RequestAborted.IsCancellationRequested
            )
        {
            return Failed(e);
        }
        catch (OperationCanceledException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            return Failed(e);
        }
    }

    private static DetachedAnswer Failed(Exception exception) =>
        new(
            StatusCodes.Status507InsufficientStorage,
            new()
            {
                Reason = RefusalReason.Host,
                Message = $"The host could not keep the call, and did not take it in: {exception.Message}",
            }
        );
}
