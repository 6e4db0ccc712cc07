namespace FalServerless.Runtime.Scheduling.Planning;

/// <summary>The state of one pool: its workers, and the calls that wait for one.</summary>
internal interface IPlannedPool
{
    MachineType MachineType { get; }

    /// <summary>How many workers it may have at once.</summary>
    int MaximumWorkers { get; }

    /// <summary>How many workers it keeps without a call.</summary>
    int KeptWorkers { get; }

    /// <summary>How many calls run on one worker at once.</summary>
    int SlotsPerWorker { get; }

    /// <summary>How many workers take calls.</summary>
    int WorkerCount { get; }

    /// <summary>How many workers are starting.</summary>
    int StartingCount { get; }

    /// <summary>How long it waits before it starts a worker that is only kept; zero for not at all.</summary>
    TimeSpan RestartDelay { get; }

    /// <summary>The workers with a free slot, the last used one at the end.</summary>
    IReadOnlyList<IPlannedWorker> Free { get; }

    int WaitingCount { get; }

    /// <summary>The call that has waited longest; null when none waits.</summary>
    WaitingCall? FirstWaiting { get; }

    /// <summary>The first call behind so many others; null when there are not more.</summary>
    WaitingCall? WaitingAfter(long count);

    /// <summary>How many calls like the first one that waits the worker could take now.</summary>
    int SlotsForFirst(IPlannedWorker worker);

    /// <summary>Whether some call that waits, of an earlier turn than the given one, can run on the worker.</summary>
    bool SuitsWaiting(IPlannedWorker worker, long before = long.MaxValue);
}
