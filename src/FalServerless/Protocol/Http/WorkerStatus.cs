namespace FalServerless.Protocol.Http;

/// <summary>One worker of a host, at one moment.</summary>
internal sealed record WorkerStatus
{
    public required string Id { get; init; }

    public required WorkerState State { get; init; }

    /// <summary>What it was claimed as; null while it is generic.</summary>
    public string? MachineType { get; init; }

    /// <summary>The key of its environment; null for none.</summary>
    public ContentHash? Environment { get; init; }

    /// <summary>The id of the key whose calls it runs, and no other's; null while it is generic.</summary>
    public string? Key { get; init; }

    /// <summary>How many calls it runs now.</summary>
    public int Running { get; init; }

    /// <summary>How many calls it was given in all.</summary>
    public long Calls { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null while it is not idle.</summary>
    public DateTimeOffset? IdleSince { get; init; }

    /// <summary>When it ends unless a call comes; null while it is not idle, and when it stays without regard to time.</summary>
    public DateTimeOffset? KeepAliveEnds { get; init; }

    /// <summary>How much memory its process holds.</summary>
    public long MemoryBytes { get; init; }
}
