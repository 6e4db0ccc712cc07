using FalServerless.IntegrationTests.Runtime.Gateway;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Scheduling;

/// <summary>Workers that are started before anybody needs them.</summary>
public class PrewarmedWorkersTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheFirstCallClaimsThePrewarmedWorkerAndAnotherTakesItsPlace()
    {
        await using var host = await RunningHost.StartAsync();
        var ready = Assert.Single(await host.WorkersAsync(workers => workers.Count == 1));
        Assert.Equal((WorkerState.Prewarmed, null, 0L), (ready.State, ready.MachineType, ready.Calls));
        Assert.InRange(ready.MemoryBytes, 1 << 20, 1 << 30);
        Assert.Contains(ready.ProcessId, ProcessTable.ChildrenOf(host.ProcessId));

        Assert.Equal(ready.ProcessId, await Isolated.Create(() => Environment.ProcessId, new() { Host = host.Host }).InvokeAsync(Token));

        var workers = await host.WorkersAsync(workers => workers.Count == 2);
        var claimed = workers.Single(worker => worker.Id == ready.Id);
        Assert.Equal((WorkerState.Idle, "XS", 1L, ready.StartedAt), (claimed.State, claimed.MachineType, claimed.Calls, claimed.StartedAt));
        Assert.Equal(TimeSpan.FromSeconds(10), claimed.KeepAliveEnds - claimed.IdleSince);
        Assert.Equal(WorkerState.Prewarmed, workers.Single(worker => worker != claimed).State);
    }

    [Fact]
    public async Task AReserveWorkerThatIsKilledIsReplaced()
    {
        await using var host = await RunningHost.StartAsync();
        var first = Assert.Single(await host.WorkersAsync(workers => workers.Count == 1)).ProcessId;

        ProcessTable.Kill(first);

        var second = Assert.Single(await host.WorkersAsync(workers => workers.Count == 1 && workers[0].ProcessId != first)).ProcessId;
        Assert.Equal(second, await Isolated.Create(() => Environment.ProcessId, new() { Host = host.Host }).InvokeAsync(Token));
    }

    [Fact]
    public async Task TheReserveEndsWithItsGatewayHoweverThatEnds()
    {
        await using var host = await RunningHost.StartAsync();
        var worker = Assert.Single(await host.WorkersAsync(workers => workers.Count == 1)).ProcessId;

        ProcessTable.Kill(host.ProcessId);

        await Eventually.TrueAsync(() => !ProcessTable.IsAlive(worker), () => $"the worker {worker} is still there.");
    }
}
