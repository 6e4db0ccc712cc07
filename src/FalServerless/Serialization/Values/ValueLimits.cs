namespace FalServerless.Serialization.Values;

/// <summary>What one message may ask of this process.</summary>
internal sealed record ValueLimits
{
    public static ValueLimits Default { get; } = new();

    /// <summary>
    /// How deep values may be nested on the thread of the caller; the default of 256 keeps far from the end of a 1 MB stack.
    /// </summary>
    public int MaximumDepth { get; init; } = 256;

    /// <summary>
    /// How deep values may be nested at all, 200,000 by default: what is deeper than <see cref="MaximumDepth"/> takes a thread of its own.
    /// </summary>
    public int DeepestDepth { get; init; } = 200_000;

    /// <summary>How many items one collection may have; 2^28 by default. A lazy sequence that never ends stops here.</summary>
    public int MaximumItems { get; init; } = 1 << 28;

    /// <summary>
    /// Whether lazy sequences (LINQ queries, iterators) are run and sent as lists. A worker wants this for its results;
    /// a client that must not run user code refuses them.
    /// </summary>
    public bool RunsLazySequences { get; init; } = true;

    /// <summary>Whether delegates may be written; not by default. A client sends code to its worker.</summary>
    public bool WritesDelegates { get; init; }

    /// <summary>
    /// Whether delegates are read; not by default. A worker reads them; a client does not, so that no answer chooses what runs there.
    /// </summary>
    public bool ReadsDelegates { get; init; }

    /// <summary>Whether what is written is only compared, never read: it shows whether two values are equal. False by default.</summary>
    public bool IsOnlyCompared { get; init; }

    /// <summary>
    /// Whether instances that static readonly fields hold are written by the fields' names alone, for a comparison of what holds them. Not
    /// so by default.
    /// </summary>
    public bool NamesInstances { get; init; }
}
