using FalServerless.Tests.Shared.Processes;

namespace FalServerless.IntegrationTests.Runtime.Keys;

/// <summary>A worker runs the calls of one key: nothing that lives in its process reaches another key's.</summary>
public class SeparateWorkersTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatTheBodiesOfOneKeyLeaveInTheirProcessIsNotThereForThoseOfAnother()
    {
        await using var host = await ServedHost.StartAsync();
        var other = await host.MakeKeyAsync("--scope", "invoke");
        using var otherHost = new SocketHost(host.Socket, other.Text, () => host.Log);
        IsolatedOptions Options(FalHost of) => new() { Host = of, KeepAlive = TimeSpan.FromMinutes(5) };
        var leave = Isolated.Create(() => Leave("first"), Options(host.Host));
        var find = Isolated.Create(() => Find(), Options(host.Host));

        var process = await leave.InvokeAsync(Token);
        var (sameProcess, found) = await find.InvokeAsync(Token);
        var (otherProcess, foundByOther) = await find.On(host: otherHost).InvokeAsync(Token);

        Assert.Equal((process, "first"), (sameProcess, found));
        Assert.NotEqual(process, otherProcess);
        Assert.Null(foundByOther);
        var workers = await host.WorkersAsync();
        Assert.Equal(host.Key.Id, workers.Single(worker => worker.ProcessId == process).Key);
        Assert.Equal(other.Id, workers.Single(worker => worker.ProcessId == otherProcess).Key);
    }

    [Fact]
    public async Task DetachedCallsRunOnTheWorkersOfTheirKey()
    {
        await using var host = await ServedHost.StartAsync();
        var other = await host.MakeKeyAsync("--scope", "invoke");
        using var otherHost = new SocketHost(host.Socket, other.Text, () => host.Log);
        var leave = Isolated.Create(() => Leave("first"), new() { Host = host.Host, KeepAlive = TimeSpan.FromMinutes(5) });
        var find = Isolated.Create(() => Find(), new() { Host = otherHost, KeepAlive = TimeSpan.FromMinutes(5) });

        var process = await (await leave.SubmitAsync(Token)).GetResultAsync(Token);
        var (otherProcess, found) = await (await find.SubmitAsync(Token)).GetResultAsync(Token);

        Assert.NotEqual(process, otherProcess);
        Assert.Null(found);
    }

    private static int Leave(string text)
    {
        AppDomain.CurrentDomain.SetData("left", text);
        return Environment.ProcessId;
    }

    private static (int, string?) Find() => (Environment.ProcessId, AppDomain.CurrentDomain.GetData("left") as string);
}
