using FalServerless.Runtime.Scheduling.Planning;

namespace FalServerless.UnitTests.Runtime.Scheduling.Planning;

/// <summary>
/// A host of numbers only, which does what the plans say, in a time of its own: workers take a moment to start and to end, calls run for as
/// long as they are made. After every event it checks what must hold at all times.
/// </summary>
internal sealed class PlannedHost(Capacity capacity, int processors)
{
    private static readonly TimeSpan Start = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan End = TimeSpan.FromMilliseconds(20);

    private readonly List<PlannedPool> _pools = [];
    private readonly PriorityQueue<Action, TimeSpan> _events = new();
    private readonly Dictionary<long, (TimeSpan Came, TimeSpan Runs)> _calls = [];
    private IReadOnlyList<Reservation> _reservations = [];
    private TimeSpan _now;
    private long _turn;

    /// <summary>How long each call waited for its worker, by its turn.</summary>
    public Dictionary<long, TimeSpan> Waited { get; } = [];

    /// <summary>The turns of all calls that came.</summary>
    public IEnumerable<long> Calls => _calls.Keys;

    /// <summary>Whether all capacity is free again.</summary>
    public bool IsWhole => capacity.IsWhole;

    public PlannedPool Add(PlannedPool pool)
    {
        _pools.Add(pool);
        return pool;
    }

    public void Call(PlannedPool pool, TimeSpan at, TimeSpan runs, TimeSpan keepAlive) =>
        _events.Enqueue(
            () =>
            {
                _calls.Add(++_turn, (_now, runs));
                pool.Waiting.Add(new(_turn, TimeSpan.Zero, keepAlive));
            },
            at
        );

    /// <summary>Lives until nothing happens any more.</summary>
    public void Run()
    {
        for (var steps = 0; _events.TryDequeue(out var next, out var at); steps++)
        {
            Assert.True(steps < 1_000_000, "It never comes to rest.");
            _now = at > _now ? at : _now;
            next();
            foreach (var pool in _pools)
            {
                for (var i = 0; i < pool.Waiting.Count; i++)
                {
                    pool.Waiting[i] = pool.Waiting[i] with { Waited = _now - _calls[pool.Waiting[i].Turn].Came };
                }
            }

            Serve();
            Do(Planner.Make(_pools, capacity, processors));
            Serve();
            Check();
        }
    }

    private void Serve()
    {
        foreach (var pool in _pools)
        {
            while (pool.Waiting.Count > 0 && Next(pool) is { } worker)
            {
                var call = pool.Waiting[0];
                pool.Waiting.RemoveAt(0);
                worker.IsIdle = false;
                worker.FreeSlots--;
                Waited.Add(call.Turn, call.Waited);
                _events.Enqueue(() => Finish(pool, worker, call.KeepAlive), _now + _calls[call.Turn].Runs);
            }
        }
    }

    private PlannedWorker? Next(PlannedPool pool) =>
        Planner.IsBlocked(pool.MachineType, pool.Waiting[0].Turn, _reservations, capacity)
            ? null
            : pool.Workers.FindLast(worker => worker.FreeSlots > 0);

    private void Finish(PlannedPool pool, PlannedWorker worker, TimeSpan keepAlive)
    {
        worker.FreeSlots++;
        worker.IsIdle = worker.FreeSlots == pool.SlotsPerWorker;
        if (worker.IsIdle)
        {
            Keep(pool, worker, keepAlive);
        }
    }

    private void Keep(PlannedPool pool, PlannedWorker worker, TimeSpan keepAlive)
    {
        var since = worker.IdleSince = DateTimeOffset.UnixEpoch + _now;
        _events.Enqueue(
            () =>
            {
                if (worker.IsIdle && worker.IdleSince == since && pool.Workers.Count > pool.KeptWorkers)
                {
                    Stop(pool, worker);
                }
            },
            _now + keepAlive
        );
    }

    private void Stop(PlannedPool pool, PlannedWorker worker)
    {
        if (pool.Workers.Remove(worker))
        {
            capacity.MarkReleasing(worker.Share);
            _events.Enqueue(() => capacity.Return(worker.Share, isExpected: true), _now + End);
        }
    }

    private void Do(Plan plan)
    {
        foreach (var (pool, worker) in plan.Stops)
        {
            Assert.True(worker.IsIdle, "A worker is stopped that runs a call.");
            Stop((PlannedPool)pool, (PlannedWorker)worker);
        }

        foreach (var (planned, keepAlive) in plan.Starts)
        {
            var pool = (PlannedPool)planned;
            Assert.True(capacity.Free(pool.MachineType.GpuModel).Covers(capacity.Need(pool.MachineType)), "More is given than is free.");
            var share = capacity.Take(pool.MachineType);
            pool.StartingCount++;
            _events.Enqueue(
                () =>
                {
                    pool.StartingCount--;
                    var worker = new PlannedWorker(share) { FreeSlots = pool.SlotsPerWorker };
                    pool.Workers.Add(worker);
                    Keep(pool, worker, keepAlive ?? TimeSpan.Zero);
                },
                _now + Start
            );
        }

        _reservations = plan.Reservations;
        if (plan.Next is { } next)
        {
            _events.Enqueue(() => { }, _now + next);
        }
    }

    private void Check()
    {
        foreach (var pool in _pools)
        {
            Assert.True(pool.Workers.Count + pool.StartingCount <= pool.MaximumWorkers, "A pool has more workers than it may.");
            Assert.True(pool.Waiting.Count == 0 || Next(pool) is null, "A call waits beside a worker that suits it.");
        }

        // Whoever waits longest of all that may have a further worker waits for capacity that is not there.
        var oldest = _pools
            .Where(pool =>
                pool.Waiting.Count > (long)pool.StartingCount * pool.SlotsPerWorker
                && pool.Workers.Count + pool.StartingCount < pool.MaximumWorkers
                && (pool.Workers.Count + pool.StartingCount < processors || pool.Waiting[0].Waited >= Planner.GrowthDelay)
            )
            .MinBy(pool => pool.Waiting[(int)((long)pool.StartingCount * pool.SlotsPerWorker)].Turn);
        if (oldest is not null)
        {
            var isFree = capacity.Free(oldest.MachineType.GpuModel).Covers(capacity.Need(oldest.MachineType));
            Assert.False(isFree, $"A call for {oldest.MachineType} waits beside capacity that is free for it.");
        }
    }
}
