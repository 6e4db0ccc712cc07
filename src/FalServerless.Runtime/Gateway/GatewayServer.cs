using System.Net;
using FalServerless.Protocol;
using FalServerless.Runtime.Data;
using FalServerless.Runtime.Scheduling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace FalServerless.Runtime.Gateway;

/// <summary>The HTTP side of the runtime: authenticates, checks, and never decodes a user's payload.</summary>
internal sealed class GatewayServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    public GatewayServer(string socket, string key, FunctionStore functions, Scheduler scheduler)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = ProtocolLimits.MaximumBody;

            // A local socket has no slow network behind it; the client's own timeouts decide.
            options.Limits.MinRequestBodyDataRate = null;
            options.Limits.MinResponseDataRate = null;
            options.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        _application = builder.Build();
        _application.Use(new KeyAuthentication(key).InvokeAsync);
        _application.UseRouting();
        _application.MapPost(Routes.Invocations, (RequestDelegate)new InvocationEndpoints(functions, scheduler).InvokeAsync);
        _application.MapPut(Routes.Blobs + "{hash}", (RequestDelegate)new BlobEndpoints(functions.Blobs).PutAsync);
    }

    public Task StartAsync() => _application.StartAsync();

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
