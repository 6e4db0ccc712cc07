namespace FalServerless.Runtime.Scheduling.Planning;

/// <summary>A worker to start.</summary>
/// <param name="Pool">Whose it is.</param>
/// <param name="KeepAlive">How long it waits for a call; null for a worker that is kept.</param>
internal readonly record struct PlannedStart(IPlannedPool Pool, TimeSpan? KeepAlive);

/// <summary>An idle worker to stop.</summary>
internal readonly record struct PlannedStop(IPlannedPool Pool, IPlannedWorker Worker);

/// <summary>What is to be done with the host's capacity at one moment.</summary>
internal sealed class Plan
{
    public required IReadOnlyList<PlannedStart> Starts { get; init; }

    public required IReadOnlyList<PlannedStop> Stops { get; init; }

    /// <summary>What capacity is reserved for, until the next plan.</summary>
    public required IReadOnlyList<Reservation> Reservations { get; init; }

    /// <summary>Whether somebody lacks capacity, so that every worker that becomes idle or ends calls for another plan.</summary>
    public required bool IsShort { get; init; }

    /// <summary>After what time another plan may differ although nothing has happened; null when only an event changes it.</summary>
    public required TimeSpan? Next { get; init; }
}
