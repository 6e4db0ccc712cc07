namespace FalServerless.Runtime.Scheduling.Planning;

/// <summary>
/// Decides who gets the capacity that is free, and which idle workers make room. The call that waits longest goes first; a call that fits
/// may overtake one that needs more than is free, for a bounded time. It only reads what it is given.
/// </summary>
internal sealed class Planner
{
    /// <summary>
    /// How long a call waits for more workers than the host has processors. A new worker takes tens of milliseconds to start and then
    /// shares the processors: that is worth it only for calls that wait.
    /// </summary>
    public static readonly TimeSpan GrowthDelay = TimeSpan.FromMilliseconds(10);

    private readonly IReadOnlyCollection<IPlannedPool> _pools;
    private readonly Capacity _capacity;
    private readonly int _processors;
    private readonly List<PlannedStart> _starts = [];
    private readonly List<PlannedStop> _stops = [];
    private readonly List<Reservation> _reservations = [];

    // What older calls take of the capacity that workers release which were asked to end.
    private readonly List<MachineType> _committed = [];
    private TimeSpan? _next;

    private Planner(IReadOnlyCollection<IPlannedPool> pools, Capacity capacity, int processors) =>
        (_pools, _capacity, _processors) = (pools, capacity.Copy(), processors);

    /// <summary>Plans for all pools of a host.</summary>
    /// <param name="pools">The pools.</param>
    /// <param name="capacity">What the host has and what of it is free. It stays as it is.</param>
    /// <param name="processors">How many processors there are.</param>
    public static Plan Make(IReadOnlyCollection<IPlannedPool> pools, Capacity capacity, int processors) =>
        new Planner(pools, capacity, processors).Make();

    /// <summary>Whether a plan could do something for the pool.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="reservations">Those that hold now.</param>
    /// <param name="capacity">The host's.</param>
    /// <param name="processors">How many processors there are.</param>
    /// <param name="later">After what time that may change; null when only an event changes it.</param>
    public static bool IsNeeded(
        IPlannedPool pool,
        IReadOnlyList<Reservation> reservations,
        Capacity capacity,
        int processors,
        out TimeSpan? later
    )
    {
        later = null;
        return pool.WorkerCount + pool.StartingCount < pool.KeptWorkers
            || Demand(pool, new(0, []), reservations, capacity, processors, out _, out later) is not null;
    }

    /// <summary>Whether a call of that turn may not have a worker of the machine type for now.</summary>
    public static bool IsBlocked(MachineType machineType, long turn, IReadOnlyList<Reservation> reservations, Capacity capacity)
    {
        for (var i = 0; i < reservations.Count; i++)
        {
            if (reservations[i].Blocks(machineType, turn, capacity))
            {
                return true;
            }
        }

        return false;
    }

    private Plan Make()
    {
        var line = new PriorityQueue<(IPlannedPool Pool, WaitingCall Call), long>();
        foreach (var pool in _pools)
        {
            Enqueue(line, pool);
        }

        var isShort = false;
        while (line.TryDequeue(out var first, out _))
        {
            var (pool, call) = first;
            if (Fits(pool.MachineType) && !IsBlocked(pool.MachineType, call.Turn))
            {
                Start(pool, call.KeepAlive);
                Enqueue(line, pool);
            }
            else
            {
                isShort = true;
                MakeRoom(pool, call);
            }
        }

        return new()
        {
            IsShort = PlanKeptWorkers(isShort),
            Starts = _starts,
            Stops = _stops,
            Reservations = _reservations,
            Next = _next,
        };
    }

    private void Enqueue(PriorityQueue<(IPlannedPool Pool, WaitingCall Call), long> line, IPlannedPool pool)
    {
        var call = Demand(pool, Changes(pool), _reservations, _capacity, _processors, out var unsuited, out var later);
        if (unsuited is not null)
        {
            Stop(pool, unsuited);
        }

        if (call is { } waiting)
        {
            line.Enqueue((pool, waiting), waiting.Turn);
        }

        Remind(later);
    }

    // The first call that the pool should start a further worker for; null for none.
    private static WaitingCall? Demand(
        IPlannedPool pool,
        PoolChanges changes,
        IReadOnlyList<Reservation> reservations,
        Capacity capacity,
        int processors,
        out IPlannedWorker? unsuited,
        out TimeSpan? later
    )
    {
        unsuited = null;
        later = null;
        if (pool.FirstWaiting is not { } first)
        {
            return null;
        }

        var isBlocked = IsBlocked(pool.MachineType, first.Turn, reservations, capacity);
        var coming = SlotsToCome(pool, changes, isBlocked);
        if (pool.WaitingCount <= coming)
        {
            return null;
        }

        var count = pool.WorkerCount + pool.StartingCount + changes.Starts - changes.Stopped.Count;

        // When the pool may have no more workers, and idle ones suit no call that waits, the longest idle one of these makes room.
        if (count >= pool.MaximumWorkers && !isBlocked && (unsuited = FindUnsuited(pool, changes)) is not null)
        {
            count--;
        }

        if (count >= pool.MaximumWorkers)
        {
            return null;
        }

        if (count >= processors && first.Waited < GrowthDelay && !HasIdle(pool, changes, unsuited))
        {
            later = GrowthDelay - first.Waited;
            return null;
        }

        return pool.WaitingAfter(coming);
    }

    // What waiting calls are about to get: slots of workers that are starting, and of those that have just connected or become free. The
    // thread that frees a slot gives it to the queue, but releases the lock in between.
    private static long SlotsToCome(IPlannedPool pool, PoolChanges changes, bool isBlocked)
    {
        var slots = (long)(pool.StartingCount + changes.Starts) * pool.SlotsPerWorker;
        if (!isBlocked)
        {
            for (var i = 0; i < pool.Free.Count; i++)
            {
                slots += changes.Stopped.Contains(pool.Free[i]) ? 0 : pool.SlotsForFirst(pool.Free[i]);
            }
        }

        return slots;
    }

    private static IPlannedWorker? FindUnsuited(IPlannedPool pool, PoolChanges changes) =>
        pool.Free.FirstOrDefault(worker => worker.IsIdle && !changes.Stopped.Contains(worker) && !pool.SuitsWaiting(worker));

    private static bool HasIdle(IPlannedPool pool, PoolChanges changes, IPlannedWorker? unsuited) =>
        pool.Free.Any(worker => worker.IsIdle && worker != unsuited && !changes.Stopped.Contains(worker));

    private bool IsBlocked(MachineType machineType, long turn) => IsBlocked(machineType, turn, _reservations, _capacity);

    private PoolChanges Changes(IPlannedPool pool) =>
        new(_starts.Count(start => start.Pool == pool), [.. _stops.Where(stop => stop.Pool == pool).Select(stop => stop.Worker)]);

    private void Start(IPlannedPool pool, TimeSpan? keepAlive)
    {
        _capacity.Take(pool.MachineType);
        _starts.Add(new(pool, keepAlive));
    }

    private void Stop(IPlannedPool pool, IPlannedWorker worker)
    {
        _capacity.MarkReleasing(worker.Share);
        _stops.Add(new(pool, worker));
    }

    private void Remind(TimeSpan? after) => _next = _next is { } next && !(after < next) ? next : after ?? _next;

    // One after the other, and never at the cost of a call.
    private bool PlanKeptWorkers(bool isShort)
    {
        var lacking = _pools.Where(pool => !isShort && Count(pool) < pool.KeptWorkers).ToArray();
        var isStarting = _starts.Count > 0 || _pools.Any(pool => pool.StartingCount > 0);
        foreach (var pool in lacking)
        {
            if (pool.RestartDelay is { Ticks: > 0 } delay)
            {
                Remind(delay);
            }
            else if (!isStarting && Fits(pool.MachineType))
            {
                Start(pool, keepAlive: null);
                isStarting = true;
            }
        }

        return isShort || lacking.Length > 0;
    }

    private int Count(IPlannedPool pool)
    {
        var changes = Changes(pool);
        return pool.WorkerCount + pool.StartingCount + changes.Starts - changes.Stopped.Count;
    }

    private bool Fits(MachineType machineType)
    {
        var need = _capacity.Need(machineType);
        return _capacity.Free(machineType.GpuModel).Covers(need)
            && (_committed.Count == 0 || FreeInTheEnd(machineType.GpuModel).Covers(need));
    }

    // What is free or is being released, less what older calls are going to take of it.
    private Resources FreeInTheEnd(string? gpuModel)
    {
        var free = _capacity.Free(gpuModel) + _capacity.Releasing(gpuModel);
        foreach (var machineType in _committed)
        {
            var need = _capacity.Need(machineType);
            free -= machineType.GpuModel == gpuModel ? need : need with { Gpus = 0 };
        }

        return free;
    }

    // Idle workers end for a call that can run then. Once capacity is reserved they end as they come, even if it is not enough yet.
    private void MakeRoom(IPlannedPool pool, WaitingCall call)
    {
        var machineType = pool.MachineType;
        if (IsBlocked(machineType, call.Turn))
        {
            return;
        }

        var model = machineType.GpuModel;
        var need = _capacity.Need(machineType);
        var isReserving = ReservationPeriods.Contains(call.Waited, out var change);
        Remind(change);
        var ending = Candidates(pool, call);
        var free = ending.Aggregate(FreeInTheEnd(model), (sum, candidate) => sum + candidate.Worker.Share.For(model));
        var lacking = free.Lacks(need);
        if (!lacking.IsZero && !isReserving)
        {
            return;
        }

        if (lacking.Gpus > 0)
        {
            // Processors that wait for a GPU would only lie idle.
            lacking = new(0, 0, lacking.Gpus);
            ending.RemoveAll(candidate => candidate.Worker.Share.For(model).Gpus == 0);
        }

        if (lacking.IsZero)
        {
            // No more than it takes: those that were used last, and those that are kept, stay if they can.
            for (var i = ending.Count - 1; i >= 0; i--)
            {
                var share = ending[i].Worker.Share.For(model);
                if ((free - share).Covers(need))
                {
                    free -= share;
                    ending.RemoveAt(i);
                }
            }

            _committed.Add(machineType);
        }
        else
        {
            _reservations.Add(new(call.Turn, model, lacking));
        }

        foreach (var (from, worker) in ending)
        {
            Stop(from, worker);
        }
    }

    // The longest idle first, those that are kept last. Where an older call waits, a worker that is idle at this moment is about to get it,
    // if it suits it.
    private List<(IPlannedPool Pool, IPlannedWorker Worker)> Candidates(IPlannedPool own, WaitingCall call) =>
        [
            .. _pools
                .Where(pool => pool == own || !(pool.FirstWaiting?.Turn < call.Turn))
                .SelectMany(Idle)
                .Where(idle => idle.Pool != own || !own.SuitsWaiting(idle.Worker, before: call.Turn))
                .OrderBy(idle => idle.IsKept)
                .ThenBy(idle => idle.Worker.IdleSince)
                .Select(idle => (idle.Pool, idle.Worker)),
        ];

    // Idle workers of a pool count as kept only while there are not more of them than it keeps.
    private IEnumerable<(IPlannedPool Pool, IPlannedWorker Worker, bool IsKept)> Idle(IPlannedPool pool)
    {
        var stopped = Changes(pool).Stopped;
        var spare = pool.WorkerCount - stopped.Count - pool.KeptWorkers;
        return pool
            .Free.Where(worker => worker.IsIdle && !stopped.Contains(worker))
            .OrderBy(worker => worker.IdleSince)
            .Select(worker => (pool, worker, spare-- <= 0));
    }

    /// <summary>What the plan has changed of a pool so far.</summary>
    private readonly record struct PoolChanges(int Starts, IReadOnlyCollection<IPlannedWorker> Stopped);
}
