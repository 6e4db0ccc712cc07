using FalServerless.Runtime.Calls;

namespace FalServerless.Runtime.Scheduling;

// Who gets what is free, and who makes room.
internal sealed partial class Placement
{
    private readonly List<Gatherer> _gatherers = [];

    // What will be there for calls that wait, once the workers that were told to end are gone.
    private readonly List<MachineType> _reserved = [];

    // Somebody waits for room, so every worker that becomes idle or ends matters.
    private bool _isUnsettled;
    private TimeSpan? _next;

    /// <summary>Whether a call with that turn may not have a worker of this type now, because room is gathered for an older one.</summary>
    public bool HoldsBack(MachineType machineType, long turn)
    {
        foreach (var gatherer in _gatherers)
        {
            if (turn > gatherer.Turn && gatherer.Concerns(machineType, Capacity))
            {
                return true;
            }
        }

        return false;
    }

    private void Arrange()
    {
        Gatherer[] before = [.. _gatherers];
        _gatherers.Clear();
        _reserved.Clear();
        _next = null;
        EndOverdue();
        var line = new PriorityQueue<(WorkerPool Pool, HostCall Call), long>();
        foreach (var pool in _pools.Values)
        {
            Line(line, pool);
        }

        _isUnsettled = false;
        while (line.TryDequeue(out var first, out _))
        {
            var (pool, call) = first;
            if (IsFree(pool.MachineType) && !HoldsBack(pool.MachineType, call.Turn))
            {
                Start(pool, call);
                Line(line, pool);
            }
            else
            {
                _isUnsettled = true;
                MakeRoom(pool, call);
            }
        }

        if (!_isUnsettled)
        {
            StartKept();
        }

        foreach (var pool in _pools.Values.Where(pool => pool.IsOver).ToArray())
        {
            Forget(pool);
        }

        if (_next is { } next)
        {
            _alarm.Arm(next);
        }

        if (before.Length > 0 && !before.SequenceEqual(_gatherers))
        {
            // Calls that were held back may find a free worker of their own.
            foreach (var pool in _pools.Values.Where(pool => pool.Queue.Count > 0))
            {
                ThreadPool.UnsafeQueueUserWorkItem(static pool => pool.ServeQueue(), pool, preferLocal: false);
            }
        }
    }

    private void Line(PriorityQueue<(WorkerPool Pool, HostCall Call), long> line, WorkerPool pool)
    {
        if (pool.Want(out var later) is { } call)
        {
            line.Enqueue((pool, call), call.Turn);
        }

        Remind(later);
    }

    private void Remind(TimeSpan? after) => _next = _next is { } next && !(after < next) ? next : after ?? _next;

    private void Start(WorkerPool pool, HostCall? call)
    {
        _starting++;
        pool.StartWorker(Capacity.Take(pool.MachineType), call);
    }

    private void EndOverdue()
    {
        foreach (var pool in _pools.Values)
        {
            while (pool.Queue.FirstLimited is { } first)
            {
                var waited = _time.GetElapsedTime(first.QueuedAt);
                if (waited < _limits.Wait)
                {
                    Remind(_limits.Wait - waited);
                    break;
                }

                pool.Queue.TryRemove(first);
                _queued--;
                Refuse(first, _limits.Overdue(pool.MachineType, waited, pool.Busy));
            }
        }
    }

    // In the background, one after the other, and never at the cost of a call.
    private void StartKept()
    {
        foreach (var pool in _pools.Values.Where(pool => pool.LacksKeptWorkers(out _)))
        {
            _isUnsettled = true;
            if (pool.LacksKeptWorkers(out var left) && left > TimeSpan.Zero)
            {
                Remind(left);
            }
            else if (_starting == 0 && IsFree(pool.MachineType))
            {
                Start(pool, null);
            }
        }
    }

    private bool IsFree(MachineType machineType)
    {
        var need = Capacity.Need(machineType);
        return Capacity.Free(machineType.GpuModel).Covers(need) && (_reserved.Count == 0 || Left(machineType.GpuModel).Covers(need));
    }

    // What is free or will be, less what older calls are going to take of it.
    private Resources Left(string? gpuModel)
    {
        var left = Capacity.Free(gpuModel) + Capacity.Releasing(gpuModel);
        foreach (var reserved in _reserved)
        {
            var need = Capacity.Need(reserved);
            left -= reserved.GpuModel == gpuModel ? need : need with { Gpus = 0 };
        }

        return left;
    }

    // Idle workers end for a call that can run then. Once room is gathered they end as they come, even if it is not enough yet.
    private void MakeRoom(WorkerPool pool, HostCall call)
    {
        var machineType = pool.MachineType;
        if (HoldsBack(machineType, call.Turn))
        {
            return;
        }

        var model = machineType.GpuModel;
        var need = Capacity.Need(machineType);
        var gathers = CapacityReservation.GoesOn(_time.GetElapsedTime(call.QueuedAt), out var change);
        Remind(change);
        var ending = Candidates(pool, call);
        var left = ending.Aggregate(Left(model), (sum, worker) => sum + worker.Worker.Share.For(model));
        var lacking = left.Lacks(need);
        if (!lacking.IsZero && !gathers)
        {
            return;
        }

        if (lacking.Gpus > 0)
        {
            // Processors that wait for a GPU would only lie idle.
            lacking = new(0, 0, lacking.Gpus);
            ending.RemoveAll(worker => worker.Worker.Share.For(model).Gpus == 0);
        }

        if (lacking.IsZero)
        {
            // No more than it takes: those that were used last, and those that are kept, stay if they can.
            for (var i = ending.Count - 1; i >= 0; i--)
            {
                var share = ending[i].Worker.Share.For(model);
                if ((left - share).Covers(need))
                {
                    left -= share;
                    ending.RemoveAt(i);
                }
            }

            _reserved.Add(machineType);
        }
        else
        {
            _gatherers.Add(new(call.Turn, model, lacking));
        }

        ending.ForEach(worker => worker.Pool.RetireAndStop(worker.Worker));
    }

    // The longest idle first, those that are kept last. Where an older call waits, a worker that is idle at this moment is about to get it,
    // if it suits it.
    private List<(WorkerPool Pool, PooledWorker Worker)> Candidates(WorkerPool own, HostCall call) =>
        [
            .. _pools
                .Values.Where(pool => pool == own || !(pool.Queue.First?.Turn < call.Turn))
                .SelectMany(pool => pool.Idle().Select(idle => (pool, idle.Worker, idle.IsKept)))
                .Where(idle => idle.pool != own || !own.Queue.Any(older => older.Turn < call.Turn && idle.Worker.CanRun(older)))
                .OrderBy(idle => idle.IsKept)
                .ThenBy(idle => idle.Worker.IdleSince)
                .Select(idle => (idle.pool, idle.Worker)),
        ];

    /// <summary>A call that room is gathered for, and what it still lacks.</summary>
    private sealed record Gatherer(long Turn, string? GpuModel, Resources Lacking)
    {
        public bool Concerns(MachineType machineType, Capacity capacity) =>
            (capacity.Need(machineType) with { Gpus = machineType.GpuModel == GpuModel ? 1 : 0 }).Helps(Lacking);
    }
}
