namespace FalServerless.Protocol.Http;

/// <summary>What kind of worker a call wants, and how the pool should treat it.</summary>
internal sealed record CallOptions
{
    public required string MachineType { get; init; }

    /// <summary>How long the worker stays after the call; zero means one call only.</summary>
    public required TimeSpan KeepAlive { get; init; }

    /// <summary>How long the body may run; null is without limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The packages that the worker must have, in the words of the caller.</summary>
    public IReadOnlyList<string> Requirements { get; init; } = [];

    /// <summary>How many workers of this kind stay without regard to their keep-alive.</summary>
    public int MinWorkers { get; init; }

    /// <summary>How many workers of this kind may exist at once; null is what the host has.</summary>
    public int? MaxWorkers { get; init; }

    /// <summary>How many calls a worker runs at once, one at least.</summary>
    public int CallsPerWorker { get; init; } = 1;

    /// <summary>After how many calls a worker is replaced; null is never.</summary>
    public int? RecycleAfterCalls { get; init; }

    /// <summary>Above how many bytes of memory a worker is replaced when it is idle; null is never.</summary>
    public long? RecycleAboveBytes { get; init; }

    /// <summary>How long a body may go on after its call was cancelled or its time was over; then its worker is killed.</summary>
    public TimeSpan CancellationGrace { get; init; }
}
