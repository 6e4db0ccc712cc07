using FalServerless.Protocol;

namespace FalServerless.Runtime.Workers;

/// <summary>The packages of a worker, as it is told of them.</summary>
internal sealed record ClaimedEnvironment
{
    /// <summary>The environment's key.</summary>
    public required ContentHash Key { get; init; }

    /// <summary>The folder that holds it.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// The simple names of the assemblies that it provides, without regard to case. What a client uploads under these names is not used.
    /// </summary>
    public required IReadOnlySet<string> AssemblyNames { get; init; }
}
