using FalServerless.Protocol;
using FalServerless.Serialization.Messages;
using Microsoft.AspNetCore.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>Answers a request that is not let in.</summary>
internal static class Refusals
{
    public static Task WriteAsync(HttpContext context, int status, RefusalReason reason, string message) =>
        WriteAsync(context, status, new Refusal { Reason = reason, Message = message });

    public static async Task WriteAsync(HttpContext context, int status, Refusal refusal)
    {
        var body = RefusalCodec.Write(refusal);
        context.Response.StatusCode = status;
        context.Response.ContentType = Routes.MessageMediaType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
