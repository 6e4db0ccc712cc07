using System.Linq.Expressions;
using System.Net;
using System.Net.Sockets;
using FalServerless.IntegrationTests.Runtime;
using FalServerless.IntegrationTests.Runtime.Gateway;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Scripted;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Tool;

public class ServeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AHostServesFunctionsUntilItIsToldToEndAndLeavesNothing()
    {
        await using var host = await ServedHost.StartAsync();
        var options = new IsolatedOptions { Host = host.Host };

        Assert.Equal(42, await Isolated.Create((int a) => a * 2, options).InvokeAsync(21, Token));
        Assert.Equal("""{"status":"live"}""", (await host.SendAsync(HttpMethod.Get, "/health/live", authorization: "")).Text);
        var ready = await host.SendAsync(HttpMethod.Get, "/health/ready", authorization: "");
        Assert.Equal((200, """{"status":"ready"}"""), (ready.Status, ready.Text));

        host.Signal();

        Assert.Equal(0, await host.WaitForExitAsync());
        await Eventually.TrueAsync(
            () => host.Processes().Count == 0,
            () => $"processes {string.Join(", ", host.Processes())} are still there."
        );
        Assert.Empty(host.RunFolders());
        Assert.False(File.Exists(host.Socket));
    }

    [Fact]
    public async Task WhatIsWrongWithTheSettingsIsSaidAtOnceAndNothingStarts()
    {
        var outcome = await ServedHost.RunAsync(
            new Dictionary<string, string>
            {
                ["FAL_QUEUE_LIMIT"] = "1",
                ["FAL_QUEUE_WAIT"] = "soon",
                ["FAL_CALLS_PER_KEY"] = "5",
            },
            "serve",
            "--urls",
            "http://0.0.0.0:0",
            "https://127.0.0.1:0",
            "--queue-limit",
            "x",
            "--state",
            "state",
            "--config",
            "/does/not/exist.json"
        );

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("5 settings are wrong:", outcome.Errors);
        Assert.Contains("--queue-limit is 'x'", outcome.Errors);
        Assert.Contains("FAL_QUEUE_WAIT is 'soon'", outcome.Errors);
        Assert.Contains("'http://0.0.0.0:0' can be reached from other machines and has no TLS", outcome.Errors);
        Assert.Contains("--insecure", outcome.Errors);
        Assert.Contains("'https://127.0.0.1:0' needs a certificate", outcome.Errors);
        Assert.Contains("/does/not/exist.json", outcome.Errors);
        Assert.DoesNotContain("FAL_QUEUE_LIMIT", outcome.Errors);
    }

    [Fact]
    public async Task WithoutTlsOthersAreServedOnlyWhereThatIsSaid()
    {
        await using var host = await ServedHost.StartAsync("--urls", "http://0.0.0.0:0", "--insecure");
        var port = host.Address.Port;
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };

        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, Routes.Environments, http: http)).Status);
        Assert.Contains("warning: http://0.0.0.0:0 is reached without TLS", host.Log);
    }

    [Theory]
    [InlineData("serv", "serve")]
    [InlineData("serve --urlz http://127.0.0.1:0", "--urls")]
    [InlineData("key creat", "create")]
    [InlineData("key create --skope admin", "--scope")]
    public async Task AWordThatIsNoneIsAnsweredWithTheNearest(string arguments, string meant)
    {
        var outcome = await ServedHost.RunAsync(null, arguments.Split(' '));

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("Did you mean", outcome.Output + outcome.Errors);
        Assert.Contains(meant, outcome.Output + outcome.Errors);
        Assert.DoesNotContain("   at ", outcome.Errors);
    }

    [Fact]
    public async Task TwoHostsDoNotShareAStateFolder()
    {
        await using var host = await ServedHost.StartAsync();

        var outcome = await host.CliAsync("serve", "--urls", "http://127.0.0.1:0");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(
            $"'{host.State}' is in use by another host, process {host.ProcessId}. Stop that one, or give this one a folder of its own "
                + $"with --state.",
            outcome.Errors
        );
        Assert.Single(outcome.Errors.Trim().Split('\n'));

        host.Kill();
        await host.WaitForExitAsync();
        await Eventually.TrueAsync(() => host.Processes().Count == 0, () => "workers are still there.");
    }

    [Fact]
    public async Task AnAddressThatIsTakenIsSaidInOneLine()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var outcome = await ServedHost.RunAsync(
            null,
            "serve",
            "--urls",
            $"http://{taken.LocalEndpoint}",
            "--state",
            "state",
            "--data",
            "data",
            "--environments",
            "environments"
        );

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("address already in use", outcome.Errors);
        Assert.Contains($"{taken.LocalEndpoint}", outcome.Errors);
        Assert.DoesNotContain("   at ", outcome.Errors);
    }

    [Fact]
    public async Task ASocketThatAKilledHostLeftIsTakenOver()
    {
        await using var host = await ServedHost.StartAsync();
        host.Kill();
        await host.WaitForExitAsync();
        Assert.True(File.Exists(host.Socket));

        await using var next = await ServedHost.StartAsync("--urls", "unix:" + host.Socket, "http://127.0.0.1:0", "--state", host.State);

        Assert.True(FileModes.IsPrivate(host.Socket));
    }

    [Fact]
    public async Task AHostThatEndsLetsRunningAndWaitingCallsEndAndTakesNoNewOnes()
    {
        await using var host = await ServedHost.StartAsync();
        using var folder = new TemporaryFolder();
        var path = folder.File("go");
        var running = new TaskCompletionSource();
        var call = Isolated
            .Create(
                (string file) => Bodies.SayAndWaitFor("running", file),
                new()
                {
                    Host = host.Host,
                    MachineType = "XS",
                    MaxWorkers = 1,
                    OnLog = _ => running.TrySetResult(),
                }
            )
            .InvokeAsync(path, Token);
        await running.Task.WaitAsync(Eventually.Limit, Token);

        // Of two requests with one id one is the call, which waits; that the other is refused shows that it is there.
        Expression<Func<int, int>> increment = value => value + 1;
        var request = RunningHost.Request(increment, request => request with { Options = request.Options with { MaxWorkers = 1 } }, 6);
        Task<CallEvents>[] both = [host.PostAsync(request), host.PostAsync(request)];
        var known = await Task.WhenAny(both);
        Assert.Equal(400, (await known).Status);
        var waiting = both.Single(other => other != known);

        host.Signal();

        await Eventually.TrueAsync(() => host.Log.Contains("no new calls from now on", StringComparison.Ordinal), () => host.Log);
        var ready = await host.SendAsync(HttpMethod.Get, "/health/ready", authorization: "");
        Assert.Equal((503, """{"status":"draining"}"""), (ready.Status, ready.Text));
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, "/health/live", authorization: "")).Status);
        var refused = await host.SendAsync(HttpMethod.Post, Routes.Invocations, RunningHost.Request(increment, null, 6));
        Assert.Equal((503, RefusalReason.Host), (refused.Status, refused.Refusal.Reason));
        Assert.Contains("takes no new calls", refused.Refusal.Message);
        Assert.Equal("30", refused.Headers.RetryAfter?.ToString());

        await File.WriteAllTextAsync(path, "", Token);
        Assert.True(await call);
        using (var events = await waiting)
        {
            Assert.Equal(InvocationEventKind.Result, (await events.NextAsync()).Kind);
        }

        Assert.Equal(0, await host.WaitForExitAsync());
        Assert.Empty(host.RunFolders());
    }

    [Fact]
    public async Task ACallThatDoesNotEndInTheTimeOfTheDrainIsCancelledAndItsCallerHears()
    {
        await using var host = await ServedHost.StartAsync("--drain-limit", "1s");
        var running = new TaskCompletionSource();
        var call = Isolated
            .Create(() => Bodies.SayAndBlock("running"), new() { Host = host.Host, OnLog = _ => running.TrySetResult() })
            .InvokeAsync(Token);
        await running.Task.WaitAsync(Eventually.Limit, Token);

        host.Signal();

        var error = await Assert.ThrowsAsync<HostUnreachableException>(() => call);
        Assert.Contains("shutting down", error.Message);
        Assert.Equal(0, await host.WaitForExitAsync());
        Assert.Contains("1 call did not end in time", host.Log);
        await Eventually.TrueAsync(() => host.Processes().Count == 0, () => "workers are still there.");
        Assert.Empty(host.RunFolders());
    }

    [Fact]
    public async Task ASecondSignalEndsAtOnce()
    {
        await using var host = await ServedHost.StartAsync("--drain-limit", "1h");
        var running = new TaskCompletionSource();
        var call = Isolated
            .Create(() => Bodies.SayAndBlock("running"), new() { Host = host.Host, OnLog = _ => running.TrySetResult() })
            .InvokeAsync(Token);
        await running.Task.WaitAsync(Eventually.Limit, Token);
        host.Signal();
        await Eventually.TrueAsync(() => host.Log.Contains("no new calls from now on", StringComparison.Ordinal), () => host.Log);
        Assert.False(host.HasExited);

        host.Signal();

        Assert.Equal(128 + 15, await host.WaitForExitAsync());
        await Assert.ThrowsAnyAsync<FalServerlessException>(() => call);
        await Eventually.TrueAsync(() => host.Processes().Count == 0, () => "workers are still there.");
        Assert.Empty(host.RunFolders());
    }

    [Fact]
    public async Task AHostThatIsKilledLeavesNoProcess()
    {
        await using var host = await ServedHost.StartAsync();
        using var running = new CountdownEvent(2);
        var block = Isolated.Create(() => Bodies.SayAndBlock("running"), new() { Host = host.Host, OnLog = _ => running.Signal() });
        var calls = Enumerable.Range(0, 2).Select(_ => block.InvokeAsync(Token)).ToArray();
        await Eventually.TrueAsync(() => running.IsSet, () => host.Log);
        var processes = host.Processes();
        Assert.True(processes.Count >= 3, $"Only {processes.Count} processes were found.");

        host.Kill();

        await Eventually.TrueAsync(
            () => host.Processes().Count == 0 && processes.All(id => !ProcessTable.IsAlive(id)),
            () => $"processes {string.Join(", ", host.Processes())} are still there."
        );
        await Assert.ThrowsAnyAsync<FalServerlessException>(() => Task.WhenAll(calls));
    }

    [Fact]
    public async Task AServedHostRefusesAMachineTypeThatItDoesNotHaveAndNamesWhatFits()
    {
        await using var host = await ServedHost.StartAsync("--cpus", "2", "--memory", "8GB");

        var error = await Assert.ThrowsAsync<MachineUnavailableException>(() =>
            Isolated.Create(() => 1, new() { Host = host.Host, MachineType = "L" }).InvokeAsync(Token)
        );

        Assert.Contains("more than the 2 CPUs and 8 GB of this host", error.Message);
        Assert.Contains("'M' is the largest that fits", error.Message);
    }
}
