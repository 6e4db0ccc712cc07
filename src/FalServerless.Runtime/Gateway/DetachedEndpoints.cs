using System.Globalization;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Detached;
using Microsoft.AspNetCore.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>Shows detached calls and what became of them to those whose they are.</summary>
internal sealed class DetachedEndpoints(DetachedStart detached)
{
    public async Task ListAsync(HttpContext context)
    {
        var caller = Caller.Of(context);
        var calls = detached.Current?.List(caller.IsAdmin ? null : caller.KeyId) ?? [];
        await WriteAsync(context, InvocationRecordCodec.WriteAll([.. calls.Select(call => call.ToRecord())]));
    }

    public async Task FindAsync(HttpContext context, string name)
    {
        if (Find(context, name) is { } call)
        {
            await WriteAsync(context, InvocationRecordCodec.Write(call.ToRecord()));
        }
        else
        {
            await RefuseUnknownAsync(context, name);
        }
    }

    public async Task EventsAsync(HttpContext context, string name)
    {
        if (Find(context, name) is not { } call)
        {
            await RefuseUnknownAsync(context, name);
            return;
        }

        var query = context.Request.Query;
        if (
            !TryReadFrom(query[Routes.FromQuery].ToString(), out var from)
            || !TryReadFollow(query[Routes.FollowQuery].ToString(), out var follow)
            || !TryReadOnly(query[Routes.OnlyQuery].ToString(), out var wants)
        )
        {
            await Refusals.WriteAsync(
                context,
                StatusCodes.Status400BadRequest,
                RefusalReason.Protocol,
                $"Events are asked for with {Routes.FromQuery}=<number>, {Routes.FollowQuery}=true or false, and "
                    + $"{Routes.OnlyQuery}={Routes.OnlyLogs} or {Routes.OnlyOutcome}; not with '{context.Request.QueryString}'."
            );
            return;
        }

        context.Response.ContentType = Routes.EventsMediaType;
        await SendAsync(context, detached.Current!, call.Id, new(wants, from), follow);
    }

    private static async Task SendAsync(HttpContext context, DetachedCalls calls, Guid id, EventReading reading, bool follow)
    {
        using var watch = calls.Signals.Watching(id);
        using (reading)
        {
            while (true)
            {
                var changed = watch.Changed;
                if (calls.EventsOf(id) is not { } events)
                {
                    // Removed while it was read: this must not look as if the call had ended.
                    context.Abort();
                    return;
                }

                var hasMore = reading.Read(events, context.Response.BodyWriter, out var isOver);
                await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
                if (isOver || (!hasMore && !follow))
                {
                    return;
                }

                if (!hasMore)
                {
                    await changed.WaitAsync(context.RequestAborted);
                }
            }
        }
    }

    private static bool TryReadFrom(string text, out long from)
    {
        from = 0;
        return text.Length == 0 || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out from) && from >= 0);
    }

    private static bool TryReadFollow(string text, out bool follow)
    {
        follow = text is "true" or "";
        return follow || text == "false";
    }

    private static bool TryReadOnly(string text, out Func<InvocationEventKind, bool> wants)
    {
        wants = text switch
        {
            Routes.OnlyLogs => static kind =>
                kind is InvocationEventKind.Log or InvocationEventKind.Result or InvocationEventKind.Failure or InvocationEventKind.Refusal,
            Routes.OnlyOutcome => static kind => kind != InvocationEventKind.Log,
            _ => static _ => true,
        };
        return text is "" or Routes.OnlyLogs or Routes.OnlyOutcome;
    }

    private static Task RefuseUnknownAsync(HttpContext context, string name) =>
        Refusals.WriteAsync(
            context,
            StatusCodes.Status404NotFound,
            RefusalReason.Protocol,
            $"This host keeps no detached call '{name}' that this key may see. Was it submitted to another host, or with another key, "
                + $"or is it so old that it is no longer kept?"
        );

    private static async Task WriteAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentType = Routes.MessageMediaType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private DetachedCall? Find(HttpContext context, string name) =>
        Guid.TryParseExact(name, "n", out var id) && detached.Current?.Find(id) is { } call && Caller.Of(context).Owns(call.Owner)
            ? call
            : null;
}
