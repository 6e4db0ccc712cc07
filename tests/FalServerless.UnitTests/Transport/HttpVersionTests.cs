using System.Net;
using FalServerless.Protocol;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Time;
using FalServerless.Tests.Shared.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FalServerless.UnitTests.Transport;

/// <summary>Which HTTP is spoken with a host, and that calls are what they are over either.</summary>
public class HttpVersionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpProtocols.Http1AndHttp2, "HTTP/2")]
    [InlineData(HttpProtocols.Http1, "HTTP/1.1")]
    public async Task OverTlsItIsTheNewestThatBothSpeak(HttpProtocols protocols, string spoken)
    {
        var seen = new List<string>();
        using var authority = TestCertificates.Authority();
        using var certificate = TestCertificates.For("127.0.0.1", authority);
        using var folder = new TemporaryFolder();
        TestCertificates.Write(folder.File("authority.pem"), authority);
        await using var server = await StartAsync(
            listen =>
            {
                listen.Protocols = protocols;
                listen.UseHttps(certificate);
            },
            context => AnswerAsync(context, seen)
        );

        var host = FakeServer.HostAt(
            server.Urls.First() + "/team",
            connection => connection with { CertificateFile = folder.File("authority.pem"), Time = TimeProvider.System }
        );
        Assert.Equal(7, await Isolated.Create(() => 7, new() { Host = host }).InvokeAsync(Token));

        Assert.Equal([$"{spoken} /team/v1/invocations Key ci-7:s3cret"], seen);
    }

    [Fact]
    public async Task WithoutTlsItIsTheOneThatNeedsNoAgreement()
    {
        var seen = new List<string>();
        await using var server = await StartAsync(listen => listen.Protocols = HttpProtocols.Http1, context => AnswerAsync(context, seen));

        Assert.Equal(7, await Isolated.Create(() => 7, new() { Host = FakeServer.HostAt(server.Urls.First()) }).InvokeAsync(Token));

        Assert.Equal(["HTTP/1.1 /v1/invocations Key ci-7:s3cret"], seen);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnEventArrivesWhenItIsSentAndALeftCallIsSeenToBeLeft(bool overTls)
    {
        var told = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        using var authority = TestCertificates.Authority();
        using var certificate = TestCertificates.For("127.0.0.1", authority);
        using var folder = new TemporaryFolder();
        TestCertificates.Write(folder.File("authority.pem"), authority);
        await using var server = await StartAsync(
            listen =>
            {
                if (overTls)
                {
                    listen.UseHttps(certificate);
                }
                else
                {
                    listen.Protocols = HttpProtocols.Http1;
                }
            },
            async context =>
            {
                if (context.Request.Method == "DELETE")
                {
                    context.Response.StatusCode = StatusCodes.Status204NoContent;
                    told.TrySetResult();
                    return;
                }

                await using var registration = context.RequestAborted.Register(() => aborted.TrySetResult());
                await context.Response.Body.WriteAsync(FakeHost.Line("first"));
                await context.Response.Body.FlushAsync();
                await aborted.Task;
            }
        );
        using var cancellation = new CancellationTokenSource();
        var arrived = new TaskCompletionSource<string>();
        var host = FakeServer.HostAt(
            server.Urls.First(),
            connection => connection with { CertificateFile = folder.File("authority.pem"), Time = TimeProvider.System }
        );

        var call = Isolated
            .Create(() => 7, new() { Host = host, OnLog = entry => arrived.TrySetResult(entry.Message) })
            .InvokeAsync(cancellation.Token);
        Assert.Equal("first", await arrived.Task.WaitAsync(Eventually.Limit, Token));
        cancellation.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Eventually.Limit, Token));
        await aborted.Task.WaitAsync(Eventually.Limit, Token);
        await told.Task.WaitAsync(Eventually.Limit, Token);
    }

    private static async Task AnswerAsync(HttpContext context, List<string> seen)
    {
        seen.Add($"{context.Request.Protocol} {context.Request.Path} {context.Request.Headers.Authorization}");
        await context.Response.Body.WriteAsync(FakeHost.Event(InvocationEventKind.Result, 7));
    }

    private static async Task<WebApplication> StartAsync(Action<ListenOptions> configure, RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, configure));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddLogging(logging => logging.ClearProviders());
        var server = builder.Build();
        server.Run(answer);
        await server.StartAsync(Token);
        return server;
    }
}
