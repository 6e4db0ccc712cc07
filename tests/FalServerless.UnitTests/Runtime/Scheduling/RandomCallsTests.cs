using FalServerless.Protocol.Http;
using FalServerless.Protocol.Worker;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Scheduling;
using FalServerless.Runtime.Workers;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Scripted;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.UnitTests.Runtime.Scheduling;

/// <summary>Many calls of all kinds on a small host: the accounts hold at any time, and every call ends.</summary>
public class RandomCallsTests
{
    private const int Calls = 150;
    private const double Cpus = 4;
    private const long MemoryBytes = 30L << 30;

    // Each worker is a process: on a machine that many share their starts alone may take a minute.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly string[] Types = ["XS", "XS", "S", "S", "M", "L", "XL", "GPU-T4"];

    [Fact]
    public async Task TheHostIsNeverOverbookedEveryCallEndsAndNothingIsLeft()
    {
        var random = Printed.Random(of: nameof(RandomCallsTests));
        var failures = random.Next();
        await using var pool = await ScriptedPool.StartAsync(
            new()
            {
                Cpus = Cpus,
                MemoryBytes = MemoryBytes,
                Gpus = ["T4"],
                Prewarmed = 1,
                Starting = _ =>
                    new Random(Interlocked.Increment(ref failures)).Next(20) == 0
                        ? throw new WorkerStartException("by chance")
                        : Task.CompletedTask,
            }
        );
        using var stop = new CancellationTokenSource();
        var checking = CheckAsync(pool.Host, stop.Token);
        var serving = ServeAsync(pool.Host, new Random(random.Next()), stop.Token);
        var calls = new List<HostCall>();
        var cancels = new List<Task>();
        for (var i = 0; i < Calls; i++)
        {
            var type = Types[random.Next(Types.Length)];
            var (most, keepAlive) = (random.Next(1, 4), TimeSpan.FromSeconds(random.Next(3)));
            var (min, places, recycle) = (
                random.Next(10) == 0 && type == "XS" ? 1 : 0,
                random.Next(4) == 0 ? 3 : 1,
                random.Next(3) == 0 ? 2 : (int?)null
            );
            var call = pool.Submit(
                type,
                most,
                keepAlive,
                spec =>
                    spec with
                    {
                        MinWorkers = min,
                        CallsPerWorker = places,
                        RecycleAfterCalls = recycle,
                        CancellationGrace = TimeSpan.FromSeconds(random.Next(2)),
                    }
            );
            calls.Add(call);
            if (random.Next(10) == 0)
            {
                cancels.Add(CancelAsync(pool.Host, call, random.Next(30)));
            }

            if (random.Next(3) == 0)
            {
                await Task.Delay(random.Next(8), TestContext.Current.CancellationToken);
            }
        }

        await Task.WhenAll(cancels);
        await Eventually.TrueAsync(
            () => checking.IsCompleted || serving.IsCompleted || calls.TrueForAll(call => call.HasEnded),
            Limit,
            () =>
                $"after {pool.Host.Time.GetUtcNow():O} these have not ended: "
                + $"{string.Join('\n', calls.Where(call => !call.HasEnded).Select(Describe))}\nand there are "
                + $"{string.Join('\n', pool.Host.Scheduler.Workers())}"
        );

        foreach (var faulted in new[] { checking, serving }.Where(task => task.IsCompleted))
        {
            await faulted;
        }

        // Pools that keep workers stay; all others are forgotten with their last one.
        var kept = calls.Where(call => call.Options.MinWorkers > 0).Select(call => PoolKey.Of("", call.Options, null)).Distinct().Count();
        await Eventually.TrueAsync(
            () => pool.Host.Scheduler.PoolCount == kept,
            () => $"{pool.Host.Scheduler.PoolCount} pools are left, not {kept}."
        );
        await stop.CancelAsync();
        await Task.WhenAll(checking, serving);
        await pool.Host.Scheduler.DisposeAsync();
        await Eventually.TrueAsync(() => pool.Host.Started.All(worker => !worker.IsAlive), () => "a worker is left.");
        await Eventually.TrueAsync(() => pool.Host.Capacity.IsWhole, () => "a share was not given back.");
    }

    private static string Describe(HostCall call) =>
        $"{call.Options.MachineType}, {call.Options.MinWorkers} to {call.Options.MaxWorkers}, turn {call.Turn}, "
        + $"{(call.Waiting is null ? "not waiting" : "waiting")}, worker {(call.Worker as WorkerHandle)?.Id}";

    private static async Task CheckAsync(ScriptedHost host, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var claimed = host
                .Scheduler.Workers()
                .Where(worker => worker.MachineType is not null)
                .Select(worker => MachineType.Parse(worker.MachineType!))
                .ToArray();
            Assert.InRange(claimed.Sum(type => Math.Min(type.Cpu, Cpus)), 0, Cpus);
            Assert.InRange(claimed.Sum(type => Math.Min(type.MemoryBytes, MemoryBytes)), 0, MemoryBytes);
            Assert.InRange(claimed.Count(type => type.GpuModel is not null), 0, 1);
            host.Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(TimeSpan.FromMilliseconds(2), CancellationToken.None);
        }
    }

    // Each worker answers after a moment, or crashes, or does nothing until it is killed.
    private static async Task ServeAsync(ScriptedHost host, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var worker in host.Started.Where(worker => worker.HasFrame))
            {
                var (kind, id, _) = worker.Next();
                if (kind == WorkerFrameKind.Invoke && random.Next(25) == 0)
                {
                    worker.Dispose();
                }
                else if (kind == WorkerFrameKind.Invoke)
                {
                    _ = AnswerAsync(worker, id, random.Next(6));
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        }
    }

    private static async Task CancelAsync(ScriptedHost host, HostCall call, int milliseconds)
    {
        await Task.Delay(milliseconds);
        host.Scheduler.Cancel(call, new() { Reason = RefusalReason.Cancelled, Message = "by chance" });
    }

    private static async Task AnswerAsync(ScriptedWorker worker, Guid id, int milliseconds)
    {
        await Task.Delay(milliseconds);
        try
        {
            worker.Send(WorkerFrameKind.Result, id, 1);
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            // It was killed or crashed meanwhile.
        }
    }
}
