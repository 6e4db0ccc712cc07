namespace FalServerless.Runtime.Scheduling.Planning;

/// <summary>A worker with a free slot.</summary>
internal interface IPlannedWorker
{
    /// <summary>Whether it runs no call.</summary>
    bool IsIdle { get; }

    /// <summary>Since when it is idle, if it is.</summary>
    DateTimeOffset IdleSince { get; }

    /// <summary>What it has of the host.</summary>
    Allocation Share { get; }
}
