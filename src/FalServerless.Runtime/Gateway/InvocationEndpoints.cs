using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Detached;
using FalServerless.Runtime.Functions;
using FalServerless.Runtime.Keys;
using FalServerless.Runtime.Scheduling;
using Microsoft.AspNetCore.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>Runs a call, or finds the one that a repeated request means, and streams its events back.</summary>
/// <param name="functions">Those that the host knows.</param>
/// <param name="scheduler">Runs calls.</param>
/// <param name="invocations">Remembers calls.</param>
/// <param name="limits">How much each key may have; null is no limits.</param>
/// <param name="state">Whether the host takes calls.</param>
/// <param name="audit">Records calls that others cancel.</param>
/// <param name="detached">Keeps detached calls.</param>
internal sealed class InvocationEndpoints(
    FunctionStore functions,
    Scheduler scheduler,
    Invocations invocations,
    KeyLimits? limits,
    HostState state,
    AuditLog audit,
    DetachedStart detached
)
{
    private readonly ConcurrentDictionary<string, KeyAllowance> _allowances = new();
    private readonly DetachedIntake _intake = new(detached, limits);

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            var incoming = await IncomingCall.ReadAsync(context);
            await (
                incoming.Request.Retries is null || invocations.WasCancelledBeforeArrival(incoming.Request.Id, Caller.Of(context).KeyId)
                    ? AnswerAsync(context, incoming)
                    : KeepAsync(context, incoming)
            );
        }
        catch (ProtocolException e)
        {
            await Refusals.WriteAsync(context, StatusCodes.Status400BadRequest, RefusalReason.Protocol, e.Message);
        }
    }

    public async Task CancelAsync(HttpContext context, string name)
    {
        if (!Guid.TryParseExact(name, "n", out var id))
        {
            await Refusals.WriteAsync(
                context,
                StatusCodes.Status400BadRequest,
                RefusalReason.Protocol,
                "A call is cancelled by its id, 32 hexadecimal digits."
            );
            return;
        }

        var caller = Caller.Of(context);
        var owner =
            await CancelDetachedAsync(id, caller)
            ?? invocations.Cancel(id, caller.KeyId, caller.IsAdmin, context.Request.Query[Routes.LeavingQuery] == "true");
        if (owner is not null && owner != caller.KeyId)
        {
            audit.Write(caller.KeyId, "invocation cancel", name, $"done; the call was of {owner}");
        }

        if (owner is null)
        {
            await Refusals.WriteAsync(
                context,
                StatusCodes.Status404NotFound,
                RefusalReason.Protocol,
                $"The call {name} is an unknown call here. If it comes yet, it is not run."
            );
            return;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    // Whose the call was; null where there is none that the caller may see.
    private async Task<string?> CancelDetachedAsync(Guid id, Caller caller)
    {
        if (detached.Current is not { } calls || calls.Find(id) is not { } call || !caller.Owns(call.Owner))
        {
            return null;
        }

        await calls.CancelAsync(id);
        return call.Owner;
    }

    // Accepts a detached call.
    private async Task KeepAsync(HttpContext context, IncomingCall incoming)
    {
        StoredFunction? function = null;
        IncomingPayload? payload = null;
        var request = incoming.Request;
        DetachedAnswer answer;
        try
        {
            answer = await _intake.AdmitAsync(context, request, incoming.PayloadLength, state);
            if (answer.IsOpen && (function = FindFunction(request, out var status, out var lacking)) is null)
            {
                answer = new(status, lacking);
            }
            else if (answer.IsOpen)
            {
                payload = incoming.IsWhole ? new(request.Payload) : new(context.Request.BodyReader, incoming.PayloadLength);
            }
        }
        finally
        {
            incoming.Release();
        }

        if (payload is not null)
        {
            answer = await _intake.KeepAsync(context, request, function!, payload);
        }

        if (answer.Refusal is { } refusal)
        {
            await Refusals.WriteAsync(context, answer.Status, refusal);
        }
        else
        {
            await SkipAsync(context.Request.BodyReader, context.RequestAborted);
            context.Response.StatusCode = answer.Status;
        }
    }

    private Task AnswerAsync(HttpContext context, in IncomingCall incoming)
    {
        var request = incoming.Request;
        var owner = Caller.Of(context).KeyId;
        while (true)
        {
            var admission = invocations.Admit(request, owner);
            if (admission.Refusal is { } refusal)
            {
                incoming.Release();
                return Refusals.WriteAsync(
                    context,
                    refusal.Reason == RefusalReason.Host ? StatusCodes.Status410Gone : StatusCodes.Status400BadRequest,
                    refusal
                );
            }

            if (admission.Events is { } events)
            {
                incoming.Release();
                return ReplayAsync(context, events);
            }

            if (admission.Live is { IsUploading: true } broken)
            {
                // Its payload comes with this request once more, from its beginning.
                invocations.Forget(broken);
            }
            else if (admission.Live is { } live)
            {
                if (invocations.Attach(live, request.Received) is { } ticket)
                {
                    incoming.Release();
                    return StreamAsync(context, live, ticket, isRepeated: true);
                }
            }
            else
            {
                return StartAsync(context, incoming);
            }
        }
    }

    private Task StartAsync(HttpContext context, in IncomingCall incoming)
    {
        if (state.IsDraining)
        {
            incoming.Release();
            Refusals.SetRetryAfter(context, state.DrainLimit);
            return Refusals.WriteAsync(
                context,
                StatusCodes.Status503ServiceUnavailable,
                RefusalReason.Host,
                "The host is shutting down and takes no new calls. The call was not run; send it again once the host is back."
            );
        }

        var allowance = Allowance(context);
        if (allowance?.RefuseBody(incoming.PayloadLength) is { } tooLarge)
        {
            incoming.Release();
            return Refusals.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, tooLarge);
        }

        StoredFunction? function;
        int status;
        Refusal? lacking;
        try
        {
            function = FindFunction(incoming.Request, out status, out lacking);
        }
        catch
        {
            incoming.Release();
            throw;
        }

        if (function is null)
        {
            incoming.Release();
            return Refusals.WriteAsync(context, status, lacking!);
        }

        var call = incoming.IsWhole
            ? new HostCall(incoming.Request, function) { Owner = Caller.Of(context).KeyId, Allowance = allowance }
            : Uploading(context, incoming, function, allowance);
        if (invocations.TryAdd(call) is not { } ticket)
        {
            // The same request came a moment earlier on another connection.
            return AnswerAsync(context, incoming);
        }

        if (!incoming.IsWhole)
        {
            incoming.Release();
            return PassAsync(context, call, ticket);
        }

        scheduler.Submit(call);
        incoming.Release();
        return StreamAsync(context, call, ticket);
    }

    private KeyAllowance? Allowance(HttpContext context) =>
        limits is null ? null : _allowances.GetOrAdd(Caller.Of(context).KeyId, static (keyId, limits) => new(keyId, limits), limits);

    private StoredFunction? FindFunction(InvocationRequest request, out int status, out Refusal? refusal)
    {
        (status, refusal) = (0, null);
        if (
            functions.Find(request.Function) is { } known
            || (request.Manifest.IsEmpty && (known = functions.Recall(request.Function)) is not null)
        )
        {
            return known;
        }

        if (request.Manifest.IsEmpty)
        {
            status = StatusCodes.Status404NotFound;
            refusal = new()
            {
                Reason = RefusalReason.UnknownFunction,
                Message = $"This host does not know the function {request.Function}: send its manifest.",
            };
            return null;
        }

        var added = functions.Add(request.Function, request.Manifest.ToArray(), out var missing);
        if (added is null)
        {
            status = StatusCodes.Status409Conflict;
            refusal = new()
            {
                Reason = RefusalReason.MissingContent,
                Message = $"{missing.Count} files of the function {request.Function} are not here yet.",
                Missing = missing,
            };
        }

        return added;
    }

    private HostCall Uploading(HttpContext context, in IncomingCall incoming, StoredFunction function, KeyAllowance? allowance)
    {
        HostCall? call = null;
        var upload = new Upload(
            context.Request.BodyReader,
            incoming.PayloadLength,
            refusal =>
            {
                if (refusal is null)
                {
                    invocations.Forget(call!);
                }
                else
                {
                    scheduler.Cancel(call!, refusal);
                }
            }
        );
        return call = new(incoming.Request, function, upload) { Owner = Caller.Of(context).KeyId, Allowance = allowance };
    }

    private async Task PassAsync(HttpContext context, HostCall call, short ticket)
    {
        using var upload = call.Upload!;
        try
        {
            scheduler.Submit(call);
            await StreamAsync(context, call, ticket);
        }
        finally
        {
            // The connection's buffers are this request's only until it ends.
            await upload.CloseAsync();
        }
    }

    private async Task StreamAsync(HttpContext context, HostCall call, short ticket, bool isRepeated = false)
    {
        var isWritten = false;
        try
        {
            using var abort = context.RequestAborted.UnsafeRegister(
                static state =>
                {
                    var (invocations, call, ticket) = ((Invocations, HostCall, short))state!;
                    invocations.Detach(call, ticket);
                },
                (invocations, call, ticket)
            );
            if (isRepeated)
            {
                await SkipAsync(context.Request.BodyReader, context.RequestAborted);
            }

            isWritten = await EventStream.WriteAsync(context, call, ticket);
        }
        finally
        {
            if (!isWritten)
            {
                invocations.Detach(call, ticket);
            }
        }

        if (isWritten)
        {
            invocations.Complete(call, ticket);
        }
        else
        {
            // Another connection has the call now: this one must not look as if the call had ended.
            context.Abort();
        }
    }

    private static async Task ReplayAsync(HttpContext context, ReadOnlyMemory<byte> events)
    {
        await SkipAsync(context.Request.BodyReader, context.RequestAborted);
        context.Response.ContentType = Routes.EventsMediaType;
        context.Response.ContentLength = events.Length;
        await context.Response.Body.WriteAsync(events, context.RequestAborted);
    }

    // The payload of a repeated request is not needed.
    private static async Task SkipAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (await body.ReadAsync(cancellationToken) is var read)
        {
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }
}
