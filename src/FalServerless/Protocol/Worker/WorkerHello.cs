namespace FalServerless.Protocol.Worker;

/// <summary>How a worker that connects to the gateway says who it is.</summary>
internal sealed record WorkerHello
{
    public required int Version { get; init; }

    /// <summary>Given to the worker at its start; good for one connection of each kind.</summary>
    public required ReadOnlyMemory<byte> Token { get; init; }

    /// <summary>Whether this connection carries control frames, so that a busy body never delays them.</summary>
    public required bool IsControl { get; init; }

    public required int ProcessId { get; init; }
}
