using System.Diagnostics;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Observability;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace FalServerless.Runtime.Gateway;

/// <summary>What the gateway does with a request: authenticate, then find the endpoint. It never decodes a user's payload.</summary>
internal sealed class GatewayApplication(IAuthentication authentication, GatewayEndpoints endpoints, ILogger log)
    : IHttpApplication<HttpContext>
{
    private const string NoKey = "none";

    public HttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        var context = new DefaultHttpContext(contextFeatures);
        if (log.IsEnabled(LogLevel.Debug))
        {
            context.Features.Set(new RequestStart(Stopwatch.GetTimestamp()));
        }

        return context;
    }

    public Task ProcessRequestAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (path is Routes.Live or Routes.Ready)
        {
            return HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
                ? path == Routes.Live
                    ? endpoints.Health.LiveAsync(context)
                    : endpoints.Health.ReadyAsync(context)
                : RefuseMethod(context, HttpMethods.Get);
        }

        if (authentication.Find(context, out var rejection) is not { } caller)
        {
            return Refusals.WriteAsync(context, rejection!);
        }

        context.Features.Set(caller);
        var method = context.Request.Method;
        if (path == Routes.Invocations && HttpMethods.IsPost(method))
        {
            return endpoints.Invocations.InvokeAsync(context);
        }

        if (Find(path) is not { } place)
        {
            return Refusals.WriteAsync(
                context,
                StatusCodes.Status404NotFound,
                RefusalReason.Protocol,
                $"This host has no endpoint '{path}'."
            );
        }

        return place.Of(method) is not { } endpoint ? RefuseMethod(context, place.Methods)
            : endpoint.Admin is { } what && !caller.IsAdmin ? Refusals.WriteAsync(context, Rejection.OfScope(caller.KeyId, what))
            : endpoint.Answer(context);
    }

    /// <summary>A fault of the gateway itself is in its log; the caller has got status 500.</summary>
    public void DisposeContext(HttpContext context, Exception? exception)
    {
        if (exception is not (null or OperationCanceledException or BadHttpRequestException))
        {
            Log.RequestFailed(log, exception, context.Request.Method, context.Request.Path);
        }

        // Clients without a key could fill the log: for such requests there are only access lines.
        var key = context.Features.Get<Caller>()?.KeyId;
        if (
            key is not null
            && context.Features.Get<Refusal>() is { Reason: not (RefusalReason.UnknownFunction or RefusalReason.MissingContent) } refusal
        )
        {
            Log.RequestRefused(log, context.Request.Method, context.Request.Path, key, context.Response.StatusCode, refusal.Message);
        }

        if (context.Features.Get<RequestStart>() is { } start)
        {
            Log.Answered(
                log,
                context.Request.Method,
                context.Request.Path,
                context.Response.StatusCode,
                Stopwatch.GetElapsedTime(start.Timestamp).TotalMilliseconds,
                key ?? NoKey
            );
        }
    }

    private static Task RefuseMethod(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return Refusals.WriteAsync(
            context,
            StatusCodes.Status405MethodNotAllowed,
            RefusalReason.Protocol,
            $"'{context.Request.Path}' takes {allowed}, not {context.Request.Method}."
        );
    }

    private static bool TryAfter(string path, string prefix, out string rest)
    {
        rest = path.StartsWith(prefix, StringComparison.Ordinal) ? path[prefix.Length..] : "";
        return rest.Length > 0;
    }

    private Place? Find(string path) =>
        path switch
        {
            Routes.Invocations => new() { Get = new(endpoints.Detached.ListAsync), Post = new(endpoints.Invocations.InvokeAsync) },
            Routes.Workers => new() { Get = new(endpoints.Workers.ListAsync, "the list of workers") },
            Routes.Data => new() { Post = new(endpoints.Data.UploadAsync) },
            Routes.DataContents => new() { Post = new(endpoints.Data.TakeContentsAsync) },
            Routes.DataEntries => new() { Get = new(endpoints.Data.ListAsync) },
            Routes.DataFiles => new() { Get = new(endpoints.Data.DownloadAsync) },
            Routes.Environments => new()
            {
                Get = new(endpoints.Environments.ListAsync),
                Post = new(endpoints.Environments.BuildAsync, "the building of an environment"),
            },
            Routes.Key => new() { Get = new(KeyEndpoints.GetAsync) },
            _ when TryAfter(path, Routes.InvocationPrefix, out var id) => id.EndsWith(Routes.EventsSuffix, StringComparison.Ordinal)
                ? new() { Get = new(context => endpoints.Detached.EventsAsync(context, id[..^Routes.EventsSuffix.Length])) }
                : new()
                {
                    Get = new(context => endpoints.Detached.FindAsync(context, id)),
                    Delete = new(context => endpoints.Invocations.CancelAsync(context, id)),
                },
            _ when TryAfter(path, Routes.Blobs, out var hash) => new() { Put = new(context => endpoints.Blobs.PutAsync(context, hash)) },
            _ when TryAfter(path, Routes.EnvironmentPrefix, out var key) => new()
            {
                Delete = new(context => endpoints.Environments.RemoveAsync(context, key), "the removal of an environment"),
            },
            _ when TryAfter(path, Routes.WorkerPrefix, out var worker) => worker.EndsWith(Routes.WorkerLogs, StringComparison.Ordinal)
                ? new()
                {
                    Get = new(context => endpoints.Workers.LogsAsync(context, worker[..^Routes.WorkerLogs.Length]), "the log of a worker"),
                }
                : new() { Delete = new(context => endpoints.Workers.StopAsync(context, worker), "the end of a worker") },
            _ => null,
        };

    /// <summary>When a request came, where somebody wants to know.</summary>
    private sealed record RequestStart(long Timestamp);

    /// <summary>What a path has for each method.</summary>
    private sealed record Place
    {
        public Endpoint? Get { get; init; }

        public Endpoint? Post { get; init; }

        public Endpoint? Put { get; init; }

        public Endpoint? Delete { get; init; }

        public string Methods =>
            string.Join(
                ", ",
                new[] { HttpMethods.Get, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete }.Where(method => Of(method) is not null)
            );

        public Endpoint? Of(string method) =>
            HttpMethods.IsGet(method) ? Get
            : HttpMethods.IsPost(method) ? Post
            : HttpMethods.IsPut(method) ? Put
            : HttpMethods.IsDelete(method) ? Delete
            : null;
    }

    /// <param name="Answer">What it does.</param>
    /// <param name="Admin">What it is, where only an admin may have it.</param>
    private sealed record Endpoint(Func<HttpContext, Task> Answer, string? Admin = null);
}
