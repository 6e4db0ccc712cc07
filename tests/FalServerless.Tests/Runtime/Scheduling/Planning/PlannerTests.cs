using FalServerless.Runtime.Scheduling.Planning;

namespace FalServerless.Tests.Runtime.Scheduling.Planning;

/// <summary>What is started and stopped, for the state that there is.</summary>
public class PlannerTests
{
    private const long Gigabyte = 1L << 30;
    private const int Processors = 64;

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(7);

    [Fact]
    public void WithRoomForOneTheCallThatCameFirstGetsIt()
    {
        var (late, early) = (Pool("XS", 2), Pool("XS", 1));

        var plan = Make(Host(0.25), late, early);

        Assert.Equal([new(early, KeepAlive)], plan.Starts);
        Assert.True(plan.IsShort);
    }

    [Fact]
    public void WithRoomForAllEveryCallGetsAWorkerAndNobodyIsShort()
    {
        var (first, second) = (Pool("XS", 1, 3), Pool("S", 2));

        var plan = Make(Host(2), first, second);

        Assert.Equal([first, second, first], plan.Starts.Select(start => start.Pool));
        Assert.False(plan.IsShort);
        Assert.Null(plan.Next);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(3, 0)]
    [InlineData(4, 0)]
    public void AWorkerThatIsStartingCountsForTheCallsThatItsSlotsAreFor(int starting, int expected)
    {
        var pool = Pool("XS", 1, 2, 3, 4, 5, 6);
        (pool.SlotsPerWorker, pool.StartingCount) = (2, starting);

        Assert.Equal(expected, Make(Host(16), pool).Starts.Count);
    }

    [Fact]
    public void AFreeWorkerThatSuitsTheFirstCallIsAboutToGetIt()
    {
        var pool = Pool("XS", 1);
        Idle(pool, Host(0));

        Assert.Empty(Make(Host(2), pool).Starts);
        pool.Workers[0].IsSuited = false;
        Assert.Single(Make(Host(2), pool).Starts);
    }

    [Fact]
    public void APoolNeverHasMoreWorkersThanItMay()
    {
        var pool = Pool("XS", 1, 2, 3, 4);
        pool.MaximumWorkers = 3;
        Busy(pool, Host(0));

        Assert.Equal(2, Make(Host(16), pool).Starts.Count);
    }

    [Fact]
    public void AnIdleWorkerThatSuitsNoCallMakesRoomInAFullPool()
    {
        var host = Host(2);
        var pool = Pool("XS", 1);
        pool.MaximumWorkers = 1;
        Idle(pool, host).IsSuited = false;

        var plan = Make(host, pool);

        Assert.Equal([new(pool, pool.Workers[0])], plan.Stops);
        Assert.Equal([new(pool, KeepAlive)], plan.Starts);
    }

    [Fact]
    public void BeyondTheProcessorsAFurtherWorkerIsForCallsThatHaveWaitedForAMoment()
    {
        var host = Host(16);
        var pool = new PlannedPool("XS") { Waiting = { new(1, TimeSpan.FromMilliseconds(4), KeepAlive) } };
        Busy(pool, host);
        Busy(pool, host);

        var plan = Planner.Make([pool], host, processors: 2);

        Assert.Empty(plan.Starts);
        Assert.Equal(TimeSpan.FromMilliseconds(6), plan.Next);
        Assert.Single(Planner.Make([pool], host, processors: 3).Starts);
        pool.Waiting[0] = new(1, Planner.GrowthDelay, KeepAlive);
        Assert.Single(Planner.Make([pool], host, processors: 2).Starts);
    }

    [Fact]
    public void ACallThatFitsOvertakesALargerOneUntilThatHasWaitedForTheLimit()
    {
        var host = Host(0.5);
        Busy(new("XS"), host);
        var small = Pool("XS", 2);
        var large = new PlannedPool("S") { Waiting = { new(1, ReservationPeriods.OvertakingLimit - TimeSpan.FromTicks(1), KeepAlive) } };

        var plan = Make(host, large, small);
        Assert.Equal([new(small, KeepAlive)], plan.Starts);
        Assert.Empty(plan.Reservations);
        Assert.Equal(TimeSpan.FromTicks(1), plan.Next);

        large.Waiting[0] = new(1, ReservationPeriods.OvertakingLimit, KeepAlive);
        plan = Make(host, large, small);
        Assert.Empty(plan.Starts);
        Assert.Equal(1, Assert.Single(plan.Reservations).Turn);
        Assert.Equal(ReservationPeriods.First, plan.Next);
    }

    [Fact]
    public void WhatIsReservedIsOnlyWhatTheCallLacks()
    {
        var host = Host(9, "T4");
        Busy(new("GPU-T4"), host);
        var gpu = new PlannedPool("GPU-T4") { Waiting = { new(1, TimeSpan.FromSeconds(5), KeepAlive) } };
        var plain = Pool("XS", 2);

        var plan = Make(host, gpu, plain);

        Assert.Equal([new(plain, KeepAlive)], plan.Starts);
        Assert.Equal(new(0, 0, 1), Assert.Single(plan.Reservations).Lacking);
    }

    [Fact]
    public void TheLongestIdleWorkersMakeRoomAndNoMoreOfThemThanItTakes()
    {
        var host = Host(1);
        var other = new PlannedPool("XS");
        foreach (var age in new[] { 2, 4, 1, 3 })
        {
            Idle(other, host).IdleSince = DateTimeOffset.UnixEpoch.AddSeconds(age);
        }

        var plan = Make(host, other, Pool("S", 1));

        Assert.Equal([1, 2], plan.Stops.Select(stop => stop.Worker.IdleSince.Second));
        Assert.Empty(plan.Starts);
        Assert.True(plan.IsShort);
    }

    [Fact]
    public void WorkersThatAreKeptMakeRoomLast()
    {
        var host = Host(0.75);
        var kept = new PlannedPool("XS") { KeptWorkers = 1 };
        Idle(kept, host);
        var spare = new PlannedPool("XS");
        Idle(spare, host).IdleSince = DateTimeOffset.UnixEpoch.AddSeconds(9);
        Busy(new("XS"), host);

        Assert.Equal([spare], Make(host, kept, spare, Pool("XS", 1)).Stops.Select(stop => stop.Pool));
    }

    [Fact]
    public void AnIdleWorkerThatAnOlderCallIsAboutToGetStays()
    {
        var host = Host(0.25);
        var older = Pool("XS", 1);
        Idle(older, host);

        Assert.Empty(Make(host, older, Pool("XS", 2)).Stops);
        Assert.Single(Make(host, older, Pool("XS", 0)).Stops);
    }

    [Fact]
    public void RoomThatIsBeingMadeForOneCallIsNotGivenToAnother()
    {
        var host = Host(0.5);
        var idle = new PlannedPool("XS");
        Idle(idle, host);
        var large = Pool("S", 1);
        var small = Pool("XS", 2);

        var plan = Make(host, idle, large, small);

        Assert.Single(plan.Stops);
        Assert.Empty(plan.Starts);
        Assert.Empty(plan.Reservations);
    }

    [Fact]
    public void WorkersThatAreOnlyKeptStartOneAfterTheOther()
    {
        var pools = new[]
        {
            new PlannedPool("XS") { KeptWorkers = 2 },
            new PlannedPool("XS") { KeptWorkers = 1 },
        };

        var plan = Make(Host(16), pools);
        Assert.Equal([new(pools[0], null)], plan.Starts);
        Assert.True(plan.IsShort);

        pools[0].StartingCount = 1;
        Assert.Empty(Make(Host(16), pools).Starts);
    }

    [Fact]
    public void WorkersThatAreOnlyKeptWaitForCallsAndForTheirDelay()
    {
        var pool = new PlannedPool("XS") { KeptWorkers = 1, RestartDelay = TimeSpan.FromSeconds(3) };

        var plan = Make(Host(16), pool);
        Assert.Empty(plan.Starts);
        Assert.Equal(TimeSpan.FromSeconds(3), plan.Next);

        pool.RestartDelay = TimeSpan.Zero;
        Assert.DoesNotContain(Make(Host(0.25), pool, Pool("M", 1)).Starts, start => start.KeepAlive is null);
        Assert.Single(Make(Host(0.25), pool).Starts);
    }

    [Fact]
    public void PlanningChangesNothingOfWhatItIsGiven()
    {
        var host = Host(0.5);
        var idle = new PlannedPool("XS");
        Idle(idle, host);
        var (free, releasing) = (host.Free(null), host.Releasing(null));

        Make(host, idle, Pool("XS", 1), Pool("S", 2));

        Assert.Equal((free, releasing), (host.Free(null), host.Releasing(null)));
        Assert.Single(idle.Workers);
    }

    private static Plan Make(Capacity capacity, params PlannedPool[] pools) => Planner.Make(pools, capacity, Processors);

    private static Capacity Host(double cpus, params string[] gpus) => new(cpus, 64 * Gigabyte, gpus);

    private static PlannedPool Pool(string machineType, params long[] turns)
    {
        var pool = new PlannedPool(machineType);
        pool.Waiting.AddRange(turns.Select(turn => new WaitingCall(turn, Long, KeepAlive)));
        return pool;
    }

    private static PlannedWorker Idle(PlannedPool pool, Capacity host)
    {
        var worker = new PlannedWorker(host.Take(pool.MachineType));
        pool.Workers.Add(worker);
        return worker;
    }

    private static void Busy(PlannedPool pool, Capacity host)
    {
        var worker = Idle(pool, host);
        (worker.IsIdle, worker.FreeSlots) = (false, 0);
    }
}
