namespace FalServerless.Protocol.Http;

/// <summary>What a host keeps of a detached call, at one moment.</summary>
internal sealed record InvocationRecord
{
    public required Guid Id { get; init; }

    /// <summary>What its function is called; null for nothing.</summary>
    public string? Name { get; init; }

    public required InvocationStatus Status { get; init; }

    /// <summary>The code identity.</summary>
    public ContentHash Function { get; init; }

    public string MachineType { get; init; } = "";

    /// <summary>In the words of the caller.</summary>
    public IReadOnlyList<string> Requirements { get; init; } = [];

    /// <summary>When the host took it in.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When a worker last got it; null while none has.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Null while it has not ended.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>How many times a worker got it.</summary>
    public int Attempts { get; init; }

    /// <summary>How many times it may be run again.</summary>
    public int Retries { get; init; }

    /// <summary>The key that it belongs to.</summary>
    public string Key { get; init; } = "";

    /// <summary>How many events it has by now.</summary>
    public long Events { get; init; }

    /// <summary>
    /// Why the host ended it, or did not run it to its end; null while it has not ended, and for what the body itself returned or threw.
    /// </summary>
    public string? Error { get; init; }
}
