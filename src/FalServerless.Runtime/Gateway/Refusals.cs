using System.Globalization;
using FalServerless.Protocol.Http;
using Microsoft.AspNetCore.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>Answers a request that is not let in.</summary>
internal static class Refusals
{
    public static Task WriteAsync(HttpContext context, int status, RefusalReason reason, string message) =>
        WriteAsync(context, status, new Refusal { Reason = reason, Message = message });

    public static Task WriteAsync(HttpContext context, Rejection rejection)
    {
        if (rejection.RetryAfter is { } wait)
        {
            SetRetryAfter(context, wait);
        }

        // Not where the key is good: 403 asks for another right, not for another key to be shown.
        if (rejection.Status != StatusCodes.Status403Forbidden)
        {
            context.Response.Headers.WWWAuthenticate = KeyHeader.Challenge;
        }

        return WriteAsync(context, rejection.Status, rejection.Refusal);
    }

    /// <summary>Says when it is worth while to ask again.</summary>
    public static void SetRetryAfter(HttpContext context, TimeSpan wait) =>
        context.Response.Headers.RetryAfter = Math.Ceiling(Math.Max(1, wait.TotalSeconds)).ToString("0", CultureInfo.InvariantCulture);

    public static async Task WriteAsync(HttpContext context, int status, Refusal refusal)
    {
        context.Features.Set(refusal);
        var body = RefusalCodec.Write(refusal);
        context.Response.StatusCode = status;
        context.Response.ContentType = Routes.MessageMediaType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
