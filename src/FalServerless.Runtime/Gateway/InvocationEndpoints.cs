using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Runtime.Data;
using FalServerless.Runtime.Scheduling;
using FalServerless.Runtime.Workers;
using FalServerless.Serialization.Messages;
using Microsoft.AspNetCore.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>Runs a call and streams its events back.</summary>
internal sealed class InvocationEndpoints(FunctionStore functions, Scheduler scheduler)
{
    public async Task InvokeAsync(HttpContext context)
    {
        Invocation? call;
        try
        {
            call = await SubmitAsync(context);
        }
        catch (ProtocolException e)
        {
            await Refusals.WriteAsync(context, StatusCodes.Status400BadRequest, RefusalReason.Protocol, e.Message);
            return;
        }

        if (call is not null)
        {
            await StreamAsync(context, call);
        }
    }

    private async Task<Invocation?> SubmitAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        var read = await body.ReadAsync(context.RequestAborted);
        while (!read.IsCompleted)
        {
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await body.ReadAsync(context.RequestAborted);
        }

        try
        {
            var request = InvocationRequestCodec.Read(read.Buffer);
            if (functions.Find(request.Function) is not { } function)
            {
                if (request.Manifest.IsEmpty)
                {
                    await Refusals.WriteAsync(context, StatusCodes.Status404NotFound, RefusalReason.UnknownFunction, $"This host does not know the function {request.Function}: send its manifest.");
                    return null;
                }

                function = functions.Add(request.Function, request.Manifest.ToArray(), out var missing);
                if (function is null)
                {
                    await Refusals.WriteAsync(context, StatusCodes.Status409Conflict, new Refusal
                    {
                        Reason = RefusalReason.MissingContent,
                        Message = $"{missing.Count} files of the function {request.Function} are not here yet.",
                        Missing = missing,
                    });
                    return null;
                }
            }

            var call = new Invocation(request, function);
            scheduler.Submit(call);
            return call;
        }
        finally
        {
            body.AdvanceTo(read.Buffer.End);
        }
    }

    private async Task StreamAsync(HttpContext context, Invocation call)
    {
        var response = context.Response;
        response.ContentType = Routes.EventsMediaType;
        using var abort = context.RequestAborted.UnsafeRegister(static state =>
        {
            var (scheduler, call) = ((Scheduler, Invocation))state!;
            scheduler.Cancel(call);
        }, (scheduler, call));

        var ended = false;
        for (var first = true; !ended && !call.IsAbandoned; first = false)
        {
            await call.WaitAsync();
            while (call.TryTake(out var taken))
            {
                using (taken)
                {
                    ended = taken.IsLast;
                    if (ended && first)
                    {
                        // The usual case: one event is the whole answer, and needs no chunks around it.
                        response.ContentLength = EventStream.SizeOf(taken);
                    }

                    EventStream.Write(response.BodyWriter, taken);
                    first = false;
                }
            }

            if (!ended)
            {
                await response.BodyWriter.FlushAsync(context.RequestAborted);
            }
        }
    }
}
