using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;
using Microsoft.AspNetCore.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>Writes a call's events into a response as they come.</summary>
internal static class EventStream
{
    /// <summary>So much is gathered for one write at most.</summary>
    private const int MaximumGathered = ProtocolLimits.Chunk;

    /// <returns>True once the last event is written; false when the reader with the ticket was replaced or released.</returns>
    public static async Task<bool> WriteAsync(HttpContext context, HostCall call, short ticket)
    {
        var response = context.Response;
        response.ContentType = Routes.EventsMediaType;
        for (var first = true; ; first = false)
        {
            await call.Events.WaitAsync(ticket);
            var gathered = 0;
            while (call.Events.TryPeek(ticket, out var size, out var isLast))
            {
                if (isLast && first)
                {
                    // The usual case: one event is the whole answer, and needs no chunks around it.
                    response.ContentLength = size;
                }

                if (!call.TryTake(ticket, response.BodyWriter))
                {
                    break;
                }

                if (isLast)
                {
                    return true;
                }

                first = false;
                gathered += size;
                if (gathered >= MaximumGathered)
                {
                    await response.BodyWriter.FlushAsync(context.RequestAborted);
                    gathered = 0;
                }
            }

            if (!call.Events.IsReader(ticket) || (gathered == 0 && call.HasEnded && !call.Events.TryPeek(ticket, out _, out _)))
            {
                return false;
            }

            await response.BodyWriter.FlushAsync(context.RequestAborted);
        }
    }
}
