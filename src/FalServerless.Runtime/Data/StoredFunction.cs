using FalServerless.Protocol;

namespace FalServerless.Runtime.Data;

/// <summary>A function that is ready to be sent to a worker.</summary>
internal sealed record StoredFunction
{
    public required ContentHash Hash { get; init; }

    public required IReadOnlyList<AssemblyReference> Assemblies { get; init; }

    /// <summary>The payload of the frame that makes the function known to a worker.</summary>
    public required ReadOnlyMemory<byte> Definition { get; init; }
}
