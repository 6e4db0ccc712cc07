using System.Globalization;
using FalServerless.IntegrationTests.Runtime.Gateway;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Scheduling;

/// <summary>How long a worker stays, on a real host.</summary>
public class KeptWorkersTests
{
    private const int Cycles = 200;

    private static byte[][] _held = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AWorkerIsUsedAgainWithinItsKeepAliveAndAnotherMachineTypeIsAnotherWorker()
    {
        await using var host = await RunningHost.StartAsync();
        var process = Isolated.Create(() => Environment.ProcessId, new() { Host = host.Host, KeepAlive = TimeSpan.FromMinutes(5) });
        var first = await process.InvokeAsync(Token);

        Assert.Equal(first, await process.InvokeAsync(Token));
        Assert.NotEqual(first, await process.On(machineType: "S").InvokeAsync(Token));
        Assert.Equal(first, await process.On(keepAlive: TimeSpan.FromMilliseconds(1)).InvokeAsync(Token));
        await Eventually.TrueAsync(() => !ProcessTable.IsAlive(first), () => $"the worker {first} is still there.");
        Assert.NotEqual(first, await process.InvokeAsync(Token));
    }

    [Fact]
    public async Task KeptWorkersStayAreReplacedWhenTheyDieAndGiveWayAndComeBack()
    {
        await using var host = await RunningHost.StartAsync(new() { ["FAL_CPUS"] = "0.5", ["FAL_PREWARMED"] = "0" });
        var process = Isolated.Create(
            () => Environment.ProcessId,
            new()
            {
                Host = host.Host,
                MinWorkers = 2,
                KeepAlive = TimeSpan.FromMilliseconds(1),
                OnLog = _ => { },
            }
        );
        var first = await process.InvokeAsync(Token);
        var kept = await host.WorkersAsync(workers =>
            workers.Count(worker => worker is { State: WorkerState.Idle, KeepAliveEnds: null }) == 2
        );
        Assert.Contains(first, kept.Select(worker => worker.ProcessId));

        ProcessTable.Kill(kept[0].ProcessId);
        var replaced = await host.WorkersAsync(workers =>
            workers.Count == 2 && workers.All(worker => worker.Id != kept[0].Id && worker.State == WorkerState.Idle)
        );
        Assert.Contains(replaced, worker => worker.Id == kept[1].Id);

        // There is room for nobody else: both go for it, and come back when it has ended.
        var large = await process.On(machineType: "S", minWorkers: 0).InvokeAsync(Token);
        Assert.DoesNotContain(large, replaced.Select(worker => worker.ProcessId));
        var back = await host.WorkersAsync(workers =>
            workers.Count == 2 && workers.All(worker => worker is { State: WorkerState.Idle, MachineType: "XS" })
        );
        Assert.Empty(back.Select(worker => worker.Id).Intersect(replaced.Select(worker => worker.Id)));
        Assert.Contains(await process.InvokeAsync(Token), back.Select(worker => worker.ProcessId));
    }

    [Fact]
    public async Task AWorkerIsReplacedAfterItsNumberOfCalls()
    {
        await using var host = await RunningHost.StartAsync();
        var process = Isolated.Create(
            () => Environment.ProcessId,
            new()
            {
                Host = host.Host,
                KeepAlive = TimeSpan.FromMinutes(5),
                MaxWorkers = 1,
                RecycleAfterCalls = 3,
            }
        );

        var processes = new List<int>();
        for (var i = 0; i < 7; i++)
        {
            processes.Add(await process.InvokeAsync(Token));
        }

        Assert.Equal([3, 3, 1], processes.GroupBy(id => id).Select(group => group.Count()));
    }

    [Fact]
    public async Task AWorkerThatHasGrownIsReplacedAndOneThatHasNotStays()
    {
        await using var host = await RunningHost.StartAsync();
        var grow = Isolated.Create(
            (int megabytes) => Grow(megabytes),
            new()
            {
                Host = host.Host,
                MachineType = "S",
                KeepAlive = TimeSpan.FromMinutes(5),
                MaxWorkers = 1,
                RecycleAboveBytes = 200 << 20,
            }
        );

        var first = await grow.InvokeAsync(1, Token);
        Assert.Equal(first, await grow.InvokeAsync(1, Token));
        Assert.Equal(first, await grow.InvokeAsync(250, Token));

        Assert.NotEqual(first, await grow.InvokeAsync(1, Token));
        await Eventually.TrueAsync(() => !ProcessTable.IsAlive(first), () => $"the worker {first} is still there.");
    }

    [Fact]
    public async Task WorkersThatComeAndGoLeaveNothingBehind()
    {
        await using var host = await RunningHost.StartAsync();
        var process = Isolated.Create(() => Environment.ProcessId, new() { Host = host.Host, KeepAlive = TimeSpan.FromMilliseconds(1) });
        await process.InvokeAsync(Token);
        await host.WorkersAsync(workers => workers is [{ State: WorkerState.Prewarmed }]);
        var before = Left(host);

        // Each kind is a pool of its own, so that pools come and go too.
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 4),
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Token },
            async (kind, token) =>
            {
                for (var i = 0; i < Cycles / 4; i++)
                {
                    var id = await process.On(maxWorkers: 1 + (kind * Cycles) + i).InvokeAsync(token);
                    await Eventually.TrueAsync(() => !ProcessTable.IsAlive(id), () => $"the worker {id} is still there.");
                }
            }
        );

        await host.WorkersAsync(workers => workers is [{ State: WorkerState.Prewarmed }]);
        await Eventually.TrueAsync(() => ProcessTable.ChildrenOf(host.ProcessId).Count == 1, () => "processes are left.");
        await Eventually.TrueAsync(
            () => Left(host) is var left && left.Descriptors <= before.Descriptors + 10 && left.Threads <= before.Threads + 10,
            () => $"{Left(host)} is left, {before} was there."
        );
        Assert.Equal(before.Files, Left(host).Files);
        Assert.Equal(before.ControlGroups, Left(host).ControlGroups);
    }

    private static Footprint Left(RunningHost host) =>
        new(
            Directory.GetFileSystemEntries(host.Directory, "*", SearchOption.AllDirectories).Length,
            Directory.GetFileSystemEntries($"/proc/{host.ProcessId}/fd").Length,
            Directory.GetDirectories($"/proc/{host.ProcessId}/task").Length,
            ControlGroups(host.ProcessId)
        );

    // A folder for each worker, in one of the gateway's own.
    private static int ControlGroups(int gateway) =>
        new[] { "/sys/fs/cgroup/cpu", "/sys/fs/cgroup/memory", "/sys/fs/cgroup" }
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.GetDirectories(folder, $"fal-serverless*{gateway.ToString(CultureInfo.InvariantCulture)}*"))
            .Sum(folder => 1 + Directory.GetDirectories(folder).Length);

    private static int Grow(int megabytes)
    {
        _held = [.. _held, .. Enumerable.Range(0, megabytes).Select(_ => new byte[1 << 20])];
        Array.ForEach(_held, block => Array.Fill(block, (byte)1));
        return Environment.ProcessId;
    }

    private sealed record Footprint(int Files, int Descriptors, int Threads, int ControlGroups);
}
