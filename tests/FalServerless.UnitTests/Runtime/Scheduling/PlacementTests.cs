using FalServerless.Protocol.Http;
using FalServerless.Protocol.Worker;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Scheduling.Planning;
using FalServerless.Runtime.Workers;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Scripted;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.UnitTests.Runtime.Scheduling;

/// <summary>Who gets a worker when there is not room for all.</summary>
public class PlacementTests
{
    // Two of XS, or one of S.
    private static readonly ScriptedSettings Small = new() { Cpus = 0.5 };

    [Fact]
    public async Task CallsOfSeveralPoolsGetTheRoomInTheOrderInWhichTheyCame()
    {
        await using var pool = await ScriptedPool.StartAsync(Small with { Cpus = 0.25 });
        HostCall[] calls = [.. new[] { 1, 2, 1, 3, 2, 1, 4 }.Select(number => pool.Submit("XS", number, TimeSpan.Zero))];

        foreach (var call in calls)
        {
            pool.Runs(call);
            Assert.False(pool.Host.HasStartedWorkers);
            pool.End(call);
        }

        await AssertWholeAsync(pool);
    }

    [Fact]
    public async Task AWorkerThatHasComeIsNotEndedBeforeItHasTheCallThatItCameFor()
    {
        await using var pool = await ScriptedPool.StartAsync(Small);
        var first = pool.Submit("XS", 1, TimeSpan.Zero);
        HostCall[] calls = [first, .. Enumerable.Range(0, 200).Select(_ => pool.Submit("XS", 1, TimeSpan.Zero))];
        using var stop = new CancellationTokenSource();

        // These have no room before the last of the others has ended; each looks again at who waits for what.
        var others = Task.Factory.StartNew(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    pool.Host.Scheduler.Cancel(pool.Submit("S", 1), HostCall.Cancelled);
                }
            },
            TaskCreationOptions.LongRunning
        );
        foreach (var call in calls)
        {
            pool.Runs(call);
            Assert.False(pool.Host.HasStartedWorkers);
            if (call == calls[^1])
            {
                await stop.CancelAsync();
                await others;
            }

            pool.End(call);
        }

        await AssertWholeAsync(pool);
        Assert.Equal(calls.Length, pool.Host.StartedCount);
    }

    [Fact]
    public async Task AWorkerWhoseConnectionEndsAfterItsProcessTakesNoPoolWithIt()
    {
        await using var pool = await ScriptedPool.StartAsync(Small with { Cpus = 0.25 });
        var first = pool.Submit("XS", 1);
        var worker = pool.Runs(first);
        pool.End(first);
        worker.StaysConnected = true;
        worker.Exit();
        await Eventually.TrueAsync(() => pool.Host.Scheduler.PoolCount == 0, () => "its pool is still there.");

        // The next pool of its kind has no room before the other's call has ended.
        var other = pool.Submit("XS", 2);
        pool.Runs(other);
        var second = pool.Submit("XS", 1);
        worker.DisconnectData();
        await worker.Released.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(2, pool.Host.Scheduler.PoolCount);
        pool.End(other);

        pool.Runs(second);
    }

    [Fact]
    public async Task ACallThatFitsOvertakesALargerOneUntilThatHasWaitedForTheLimit()
    {
        await using var pool = await ScriptedPool.StartAsync(Small);
        var first = pool.Submit("XS", 1);
        pool.Runs(first);
        var large = pool.Submit("S", 1);
        var second = pool.Submit("XS", 2);
        var worker = pool.Runs(second);

        // A worker of its own pool is free: the next one takes it, and the large one still waits.
        var third = pool.Submit("XS", 2);
        pool.End(second);
        pool.Runs(third, worker);
        pool.Host.Time.Advance(ReservationPeriods.OvertakingLimit);
        var fourth = pool.Submit("XS", 2);
        var fifth = pool.Submit("XS", 3);
        pool.End(third);
        await pool.SettlesAsync(workers => workers.Count == 1);
        Assert.False(pool.Host.HasStartedWorkers);

        pool.End(first);
        pool.Runs(large);
        Assert.False(pool.Host.HasStartedWorkers);
        pool.End(large);
        var last = new[] { pool.Host.NextWorker(), pool.Host.NextWorker() };
        Assert.Equal(new[] { fourth.Id, fifth.Id }.Order(), last.Select(worker => worker.NextCall().Id).Order());
    }

    [Fact]
    public async Task ReservingPausesSoThatALongCallDoesNotHoldUpAllOthers()
    {
        await using var pool = await ScriptedPool.StartAsync(Small);
        pool.Runs(pool.Submit("XS", 1));
        pool.Submit("S", 1);
        pool.Host.Time.Advance(ReservationPeriods.OvertakingLimit);
        var small = pool.Submit("XS", 2);
        pool.Host.Time.Advance(ReservationPeriods.First - TimeSpan.FromTicks(1));
        Assert.False(pool.Host.HasStartedWorkers);

        pool.Host.Time.Advance(TimeSpan.FromTicks(1));

        pool.Runs(small);
    }

    [Fact]
    public async Task IdleWorkersGiveWayTheLongestIdleFirstAndNoMoreThanIsNeeded()
    {
        await using var pool = await ScriptedPool.StartAsync(Small with { Cpus = 1 });
        var (calls, workers) = Run(pool, 4);
        foreach (var i in new[] { 2, 0, 1 })
        {
            pool.End(calls[i]);
            await pool.SettlesAsync(all => all.Single(worker => worker.ProcessId == workers[i].ProcessId).State == WorkerState.Idle);
            pool.Host.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var large = pool.Submit("S", 1);

        pool.Runs(large);
        Assert.Equal([false, true, false, true], workers.Select(worker => worker.IsAlive));
    }

    [Fact]
    public async Task ARoomThatIsComingIsNotMadeTwice()
    {
        // These do not end when they are asked to.
        await using var pool = await ScriptedPool.StartAsync(Small with { WorkersEndWhenAsked = false });
        var (calls, workers) = Run(pool, 2);
        pool.End(calls[0]);
        await pool.SettlesAsync(all => all.Count(worker => worker.State == WorkerState.Idle) == 1);
        pool.Host.Time.Advance(TimeSpan.FromMilliseconds(1));
        pool.End(calls[1]);
        await pool.SettlesAsync(all => all.Count(worker => worker.State == WorkerState.Idle) == 2);

        var next = pool.Submit("XS", 3);

        Assert.Equal(WorkerFrameKind.Stop, workers[0].NextControl().Kind);
        pool.Host.Time.Advance(TimeSpan.FromMilliseconds(20));
        await pool.SettlesAsync(all =>
            all.Count(worker => worker.State == WorkerState.Idle) == 1 && all.Count(worker => worker.State == WorkerState.Draining) == 1
        );
        Assert.False(workers[1].HasControl);
        Assert.False(pool.Host.HasStartedWorkers);
        workers[0].Dispose();
        pool.Runs(next);
    }

    [Fact]
    public async Task AGpuThatIsBusyHoldsUpOnlyThoseWhoNeedIt()
    {
        await using var pool = await ScriptedPool.StartAsync(new() { Cpus = 16, Gpus = ["Tesla T4"] });
        var first = pool.Submit("GPU-T4", 2);
        pool.Runs(first);
        var second = pool.Submit("GPU-T4", 2);
        pool.Host.Time.Advance(ReservationPeriods.OvertakingLimit + TimeSpan.FromSeconds(1));

        var plain = pool.Submit("XL", 1);

        pool.Runs(plain);
        Assert.False(pool.Host.HasStartedWorkers);
        pool.End(first);
        await Eventually.TrueAsync(() => second.Worker is not null, () => "the second call waits.");
    }

    [Fact]
    public async Task ACallThatWaitedForTheLimitHearsForHowLongAndWhatFor()
    {
        await using var pool = await ScriptedPool.StartAsync(Small with { QueueWait = TimeSpan.FromSeconds(30) });
        pool.Runs(pool.Submit("S", 1));
        var same = pool.Submit("S", 1);
        var other = pool.Submit("XS", 3);
        pool.Host.Time.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        Assert.False(same.HasEnded || other.HasEnded);

        pool.Host.Time.Advance(TimeSpan.FromTicks(1));

        await Eventually.TrueAsync(() => same.HasEnded && other.HasEnded, () => "the calls still wait.");
        var refusals = new[] { same, other }.Select(ScriptedPool.RefusalOf).ToArray();
        Assert.All(refusals, refusal => Assert.Equal(RefusalReason.QueueFull, refusal!.Reason));
        Assert.Contains(
            "waited 30 s for a worker of machine type 'S', as long as a call may, and was not run: the 1 worker",
            refusals[0]!.Message
        );
        Assert.Contains("machine type 'XS'", refusals[1]!.Message);
        Assert.Contains("other workers had the host's processors", refusals[1]!.Message);
        Assert.Contains("FAL_QUEUE_WAIT", refusals[1]!.Message);
    }

    [Fact]
    public async Task TheQueueOfTheWholeHostIsBounded()
    {
        await using var pool = await ScriptedPool.StartAsync(Small with { QueueLimit = 3 });
        var running = pool.Submit("S", 1);
        pool.Runs(running);
        HostCall[] waiting = [pool.Submit("S", 1), pool.Submit("XS", 1), pool.Submit("XS", 2)];

        var refused = pool.Submit("XS", 3);

        await Eventually.TrueAsync(() => refused.HasEnded, () => "the call was let in.");
        Assert.Contains("The queue limit of 3 calls is reached on this host", ScriptedPool.RefusalOf(refused)!.Message);
        Assert.DoesNotContain(waiting, call => call.HasEnded);

        // A place in the queue that became free is one again.
        pool.Host.Scheduler.Cancel(waiting[1], null);
        var taken = pool.Submit("XS", 3);
        Assert.False(taken.HasEnded);
        Assert.True(waiting[1].HasEnded);
    }

    [Fact]
    public async Task AWorkerThatDoesNotStartGivesItsRoomBack()
    {
        var fails = true;
        await using var pool = await ScriptedPool.StartAsync(
            Small with
            {
                Starting = _ => fails ? throw new WorkerStartException("no luck") : Task.CompletedTask,
            }
        );
        for (var i = 0; i < 5; i++)
        {
            var failing = pool.Submit("S", 1);
            await Eventually.TrueAsync(() => failing.HasEnded, () => "the call waits.");
            Assert.Contains("no luck", ScriptedPool.RefusalOf(failing)!.Message);
        }

        await AssertWholeAsync(pool);
        fails = false;
        pool.Runs(pool.Submit("S", 1));
    }

    [Fact]
    public async Task AnUnusedWorkerEndsWithTheKeepAliveOfTheCallThatItWasStartedFor()
    {
        var gate = new TaskCompletionSource();
        await using var pool = await ScriptedPool.StartAsync(Small with { Starting = _ => gate.Task });
        var call = pool.Submit("XS", 1);
        pool.Host.Scheduler.Cancel(call, null);
        gate.SetResult();
        var worker = pool.Host.NextWorker();
        await Eventually.TrueAsync(() => pool.Host.Scheduler.Workers() is [{ KeepAliveEnds: not null }], () => "it has no keep-alive.");

        pool.Host.Time.Advance(TimeSpan.FromMinutes(1));

        await Eventually.TrueAsync(() => !worker.IsAlive, () => "the worker still lives.");
        await AssertWholeAsync(pool);
    }

    // One after the other: workers that start at once come in any order.
    private static (HostCall[] Calls, ScriptedWorker[] Workers) Run(ScriptedPool pool, int count)
    {
        var calls = new HostCall[count];
        var workers = new ScriptedWorker[count];
        for (var i = 0; i < count; i++)
        {
            calls[i] = pool.Submit("XS", i + 1);
            workers[i] = pool.Runs(calls[i]);
        }

        return (calls, workers);
    }

    private static async Task AssertWholeAsync(ScriptedPool pool)
    {
        await Eventually.TrueAsync(
            () => pool.Host.Scheduler.PoolCount == 0,
            () => $"{pool.Host.Scheduler.PoolCount} pools are left: {string.Join('\n', pool.Host.Scheduler.Workers())}"
        );
        Assert.True(pool.Host.Capacity.IsWhole);
    }
}
