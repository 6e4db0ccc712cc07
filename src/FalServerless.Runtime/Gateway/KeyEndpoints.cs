using FalServerless.Protocol.Http;
using FalServerless.Runtime.Keys;
using Microsoft.AspNetCore.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>Tells a caller of its own key, so that it can be checked before it is kept.</summary>
internal static class KeyEndpoints
{
    public static async Task GetAsync(HttpContext context)
    {
        var caller = Caller.Of(context);
        var body = KeyRecordCodec.Write(
            new()
            {
                Id = caller.KeyId,
                Name = caller.Key?.Name,
                Scope = HostKey.Word(caller.IsAdmin ? KeyScope.Admin : KeyScope.Invoke),
                Created = caller.Key?.Created,
                Expires = caller.Key?.Expires,
            }
        );
        context.Response.ContentType = Routes.MessageMediaType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
