using FalServerless.Protocol;
using FalServerless.Runtime.Scheduling;
using FalServerless.Serialization.Messages;
using Microsoft.AspNetCore.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>Says which workers the host has.</summary>
internal sealed class WorkerEndpoints(Scheduler scheduler)
{
    public async Task ListAsync(HttpContext context)
    {
        var body = WorkerListCodec.Write(scheduler.Workers());
        context.Response.ContentType = Routes.MessageMediaType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
