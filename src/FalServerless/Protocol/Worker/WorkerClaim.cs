namespace FalServerless.Protocol.Worker;

/// <summary>What a pre-warmed worker becomes when a pool takes it.</summary>
internal sealed record WorkerClaim
{
    /// <summary>The most bytes that the managed heap may take; null is without a limit of its own.</summary>
    public long? HeapLimit { get; init; }

    /// <summary>The folder with the packages that the worker has; null for none.</summary>
    public string? EnvironmentPath { get; init; }
}
