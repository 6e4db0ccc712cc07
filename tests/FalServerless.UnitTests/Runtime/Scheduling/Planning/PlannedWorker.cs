using FalServerless.Runtime.Scheduling.Planning;

namespace FalServerless.UnitTests.Runtime.Scheduling.Planning;

/// <summary>A worker whose state a test writes down.</summary>
internal sealed class PlannedWorker(Allocation share) : IPlannedWorker
{
    public Allocation Share => share;

    public bool IsIdle { get; set; } = true;

    public DateTimeOffset IdleSince { get; set; }

    /// <summary>How many calls it could get.</summary>
    public int FreeSlots { get; set; } = 1;

    /// <summary>Whether the calls that wait can run on it.</summary>
    public bool IsSuited { get; set; } = true;
}
