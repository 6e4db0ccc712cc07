using Microsoft.AspNetCore.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>The host's health, for monitoring; needs no key and reveals nothing else.</summary>
internal sealed class HealthEndpoints(HostState state)
{
    public Task LiveAsync(HttpContext context) => WriteAsync(context, StatusCodes.Status200OK, "live");

    public Task ReadyAsync(HttpContext context) =>
        WriteAsync(context, state.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, state.Name);

    private static Task WriteAsync(HttpContext context, int status, string word)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync($$"""{"status":"{{word}}"}""", context.RequestAborted);
    }
}
