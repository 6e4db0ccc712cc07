namespace FalServerless;

/// <summary>One line that a call logged.</summary>
public sealed record LogEntry
{
    /// <summary>How much it matters.</summary>
    public required LogEntryLevel Level { get; init; }

    /// <summary>Who wrote it.</summary>
    public required LogEntrySource Source { get; init; }

    /// <summary>When it was written, by the clock of the machine that wrote it.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The line, without its end.</summary>
    public required string Message { get; init; }
}
