namespace FalServerless.Protocol;

/// <summary>The sizes that both sides keep to.</summary>
internal static class ProtocolLimits
{
    /// <summary>The bytes of a call's cultures; the largest that changes everything takes about a third.</summary>
    public const int MaximumCultures = 16 * 1024;

    /// <summary>The most that the inputs of a call, one item of its result, the result or one uploaded file may take: 512 MiB.</summary>
    public const int MaximumBody = 512 << 20;

    /// <summary>The most that a request may take before its payload, the manifest included: 32 MiB.</summary>
    public const int MaximumHead = 32 << 20;

    /// <summary>
    /// The pieces in which more than this is sent: 64 KiB. Large enough to cost little a byte, and small enough to keep in memory by the
    /// hundred.
    /// </summary>
    public const int Chunk = 64 << 10;

    /// <summary>
    /// The most that one event or one frame of a call may take: 1 MiB. Senders keep to chunks; only a log line may be longer.
    /// </summary>
    public const int MaximumEvent = 1 << 20;

    /// <summary>
    /// How many bytes of a call's events a worker may send beyond what the caller has taken: 1 MiB. A caller that reads slowly so slows the
    /// body down, instead of filling the memory of the gateway or holding up other calls of the worker.
    /// </summary>
    public const int EventWindow = 1 << 20;

    /// <summary>The most times that a detached call may be run again.</summary>
    public const int MaximumRetries = 100;

    /// <summary>The most requirements that one function may have.</summary>
    public const int MaximumRequirements = 256;

    /// <summary>The most characters that one requirement may have: a package's name may have 100, and a range two versions.</summary>
    public const int LongestRequirement = 256;

    /// <summary>
    /// What an event takes of the window beside its payload: 64 bytes, about what the gateway keeps for one however small it is.
    /// </summary>
    public const int EventCost = 64;

    /// <summary>The most bytes that the manifest of a folder may take: 256 MiB.</summary>
    public const int MaximumDataManifest = 256 << 20;

    /// <summary>The most entries that one synced folder may have: a million.</summary>
    public const int MaximumDataEntries = 1_000_000;

    /// <summary>The most bytes that one name in a path of <c>/data</c> may take, in UTF-8: 255, as in the usual file systems.</summary>
    public const int LongestName = 255;

    /// <summary>
    /// The most bytes that a path in <c>/data</c>, or a link's target, may take, in UTF-8: 4,000, which leaves Linux room for where the
    /// folder is.
    /// </summary>
    public const int LongestPath = 4000;

    /// <summary>The most bytes that one piece of content may take: 4 MiB.</summary>
    public const int MaximumPiece = 4 << 20;
}
