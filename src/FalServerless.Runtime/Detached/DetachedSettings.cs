namespace FalServerless.Runtime.Detached;

/// <summary>How much a host keeps of detached calls.</summary>
internal sealed record DetachedSettings
{
    /// <summary>How long a call that has ended is kept.</summary>
    public required TimeSpan Keep { get; init; }

    /// <summary>How many calls are kept. Those that have ended make room, the oldest first; beyond that nothing is taken in.</summary>
    public required int MaximumCalls { get; init; }

    /// <summary>
    /// How many bytes all of them take: inputs, logs and results. Those that have ended make room, the oldest first; beyond that nothing is
    /// taken in.
    /// </summary>
    public required long MaximumBytes { get; init; }

    /// <summary>How many of them the scheduler has at once; the others wait in the store, where they take no memory.</summary>
    public required int MaximumScheduled { get; init; }
}
