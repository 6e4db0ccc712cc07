using FalServerless.Protocol;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FalServerless.Runtime.Gateway;

/// <summary>What the gateway does with a request: authenticate, then find the endpoint. It never decodes a user's payload.</summary>
internal sealed class GatewayApplication(KeyAuthentication keys, InvocationEndpoints invocations, BlobEndpoints blobs, WorkerEndpoints workers, EnvironmentEndpoints environments, DataEndpoints data) : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public Task ProcessRequestAsync(HttpContext context)
    {
        var request = context.Request;
        if (!keys.IsRight(request.Headers.Authorization.ToString()))
        {
            return Refusals.WriteAsync(context, StatusCodes.Status401Unauthorized, RefusalReason.Credentials, "The key is missing or is not this host's key.");
        }

        context.Features.Set(Caller.Local);
        var path = request.Path.Value ?? "";
        if (path == Routes.Invocations)
        {
            return HttpMethods.IsPost(request.Method) ? invocations.InvokeAsync(context) : RefuseMethod(context, HttpMethods.Post);
        }

        if (path.StartsWith(Routes.InvocationPrefix, StringComparison.Ordinal))
        {
            return HttpMethods.IsDelete(request.Method) ? invocations.CancelAsync(context, path[Routes.InvocationPrefix.Length..]) : RefuseMethod(context, HttpMethods.Delete);
        }

        if (path == Routes.Workers)
        {
            return HttpMethods.IsGet(request.Method) ? workers.ListAsync(context) : RefuseMethod(context, HttpMethods.Get);
        }

        if (path == Routes.Data)
        {
            return HttpMethods.IsPost(request.Method) ? data.UploadAsync(context) : RefuseMethod(context, HttpMethods.Post);
        }

        if (path == Routes.DataContents)
        {
            return HttpMethods.IsPost(request.Method) ? data.TakeContentsAsync(context) : RefuseMethod(context, HttpMethods.Post);
        }

        if (path == Routes.DataEntries)
        {
            return HttpMethods.IsGet(request.Method) ? data.ListAsync(context) : RefuseMethod(context, HttpMethods.Get);
        }

        if (path == Routes.DataFiles)
        {
            return HttpMethods.IsGet(request.Method) ? data.DownloadAsync(context) : RefuseMethod(context, HttpMethods.Get);
        }

        if (path.StartsWith(Routes.Blobs, StringComparison.Ordinal) && path.Length > Routes.Blobs.Length)
        {
            return HttpMethods.IsPut(request.Method) ? blobs.PutAsync(context, path[Routes.Blobs.Length..]) : RefuseMethod(context, HttpMethods.Put);
        }

        if (path == Routes.Environments)
        {
            return HttpMethods.IsGet(request.Method) ? environments.ListAsync(context) : RefuseMethod(context, HttpMethods.Get);
        }

        if (path.StartsWith(Routes.EnvironmentPrefix, StringComparison.Ordinal))
        {
            return HttpMethods.IsDelete(request.Method) ? environments.RemoveAsync(context, path[Routes.EnvironmentPrefix.Length..]) : RefuseMethod(context, HttpMethods.Delete);
        }

        return Refusals.WriteAsync(context, StatusCodes.Status404NotFound, RefusalReason.Protocol, $"This host has no endpoint '{path}'.");
    }

    /// <summary>A fault of the gateway itself stands on its error output; the caller has got status 500.</summary>
    public void DisposeContext(HttpContext context, Exception? exception)
    {
        if (exception is not (null or OperationCanceledException or BadHttpRequestException))
        {
            Console.Error.WriteLine($"{context.Request.Method} {context.Request.Path} failed: {exception}");
        }
    }

    private static Task RefuseMethod(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return Refusals.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, RefusalReason.Protocol, $"'{context.Request.Path}' takes {allowed}, not {context.Request.Method}.");
    }
}
