using FalServerless.IntegrationTests.Runtime.Gateway;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Workers;

/// <summary>A worker whose process is stopped reads nothing: only its own calls wait for it.</summary>
public class StoppedWorkersTests
{
    private const int Calls = 64;

    // More than the connection to a worker holds, in payloads that go with their calls.
    private static readonly byte[] Payload = new byte[40_000];

    // Far more than it takes, and less than threads that wait for the worker would cost.
    private static readonly TimeSpan Quickly = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallsForAStoppedWorkerHoldUpNobodyAndAreAnsweredWhenItGoesOn()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Stops a process as Linux does.");
        await using var host = await RunningHost.StartAsync();
        var options = new IsolatedOptions
        {
            Host = host.Host,
            CallsPerWorker = Calls + 1,
            KeepAlive = TimeSpan.FromMinutes(5),
        };
        var measure = Isolated.Create((byte[] bytes) => bytes.Length, options);
        var process = await Isolated.Create(() => Environment.ProcessId, options).InvokeAsync(Token);
        Assert.Equal(Payload.Length, await measure.InvokeAsync(Payload, Token));
        var other = Isolated.Create(
            () => Environment.ProcessId,
            new()
            {
                Host = host.Host,
                MachineType = "S",
                KeepAlive = TimeSpan.FromMinutes(5),
            }
        );
        var otherProcess = await other.InvokeAsync(Token);
        Assert.NotEqual(process, otherProcess);

        ProcessTable.Stop(process);
        var waiting = Enumerable.Range(0, Calls).Select(_ => measure.InvokeAsync(Payload, Token)).ToArray();
        await host.WorkersAsync(workers => workers.Single(worker => worker.ProcessId == process).Running == Calls);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(otherProcess, await other.InvokeAsync(Token).WaitAsync(Quickly, Token));
            Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, Routes.Live, []).WaitAsync(Quickly, Token)).Status);
        }

        Assert.DoesNotContain(waiting, call => call.IsCompleted);
        ProcessTable.Continue(process);

        Assert.All(await Task.WhenAll(waiting), length => Assert.Equal(Payload.Length, length));
        Assert.Equal(process, await Isolated.Create(() => Environment.ProcessId, options).InvokeAsync(Token));
    }

    [Fact]
    public async Task AStoppedWorkerEndsWithItsHostHoweverThatEnds()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Stops a process as Linux does.");

        // With control groups the next host that starts would end it too.
        await using var host = await ServedHost.StartAsync("--cgroups", "off");
        var process = await Isolated
            .Create(() => Environment.ProcessId, new() { Host = host.Host, KeepAlive = TimeSpan.FromMinutes(5) })
            .InvokeAsync(Token);
        ProcessTable.Stop(process);
        try
        {
            ProcessTable.Kill(host.ProcessId);

            await Eventually.TrueAsync(() => !ProcessTable.IsAlive(process), () => "the worker is still there");
        }
        finally
        {
            ProcessTable.Kill(process);
        }
    }
}
