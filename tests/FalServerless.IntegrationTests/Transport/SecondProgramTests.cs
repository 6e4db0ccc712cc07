using FalServerless.Hosts;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Transport;

namespace FalServerless.IntegrationTests.Transport;

/// <summary>What a program sends to a host that another program has used; each client here stands for a program.</summary>
public class SecondProgramTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UnchangedCodeTakesOneRequestAndNoUploadInTheSecondProgram()
    {
        using var local = new LocalHost();
        await using var first = await ProxiedHost.StartAsync(local);
        await using var second = await ProxiedHost.StartAsync(local);

        Assert.Equal(2, await CallAsync(first));
        Assert.Contains(first.Requests, request => request.StartsWith("PUT ", StringComparison.Ordinal));

        Assert.Equal(2, await CallAsync(second));
        Assert.Equal([$"POST {Routes.Invocations}"], second.Requests);
    }

    [Fact]
    public async Task FurtherCallsOfAFunctionLeaveItsManifestOut()
    {
        using var host = new FakeHost { Answer = FakeHost.Ok(FakeHost.Event(InvocationEventKind.Result, 7)) };
        var function = Isolated.Create((int value) => value, new() { Host = host });

        await function.InvokeAsync(1, Token);
        await function.InvokeAsync(1, Token);

        Assert.Equal([false, true], host.Invocations.Select(invocation => invocation.Manifest.IsEmpty));
    }

    // A body of an assembly that no host has by itself.
    private static Task<int> CallAsync(FalHost host) =>
        Isolated.Create((int value) => Bodies.Increment(value), new() { Host = host }).InvokeAsync(1, Token);
}
