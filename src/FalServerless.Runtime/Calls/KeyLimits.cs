using FalServerless.Protocol;

namespace FalServerless.Runtime.Calls;

/// <summary>How much each key may have of a host. A host that a program started for itself sets no limits beside the protocol's.</summary>
internal sealed record KeyLimits
{
    /// <summary>
    /// The most bytes that the inputs and captured variables of a call may take; by default 512 MiB, which is the most that the protocol
    /// allows.
    /// </summary>
    public long BodyBytes { get; init; } = ProtocolLimits.MaximumBody;

    /// <summary>The most bytes that a result, or one item of it, may take; by default 512 MiB, the protocol's most.</summary>
    public long ResultBytes { get; init; } = ProtocolLimits.MaximumBody;

    /// <summary>The most calls that may run and wait at once; null is without limit.</summary>
    public int? Calls { get; init; }

    /// <summary>The most calls that may wait for a worker at once; null is without limit.</summary>
    public int? Queued { get; init; }
}
