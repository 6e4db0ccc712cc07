namespace FalServerless.Runtime.Keys;

/// <summary>One thing that somebody did to a host.</summary>
internal sealed record AuditEntry
{
    public required DateTimeOffset At { get; init; }

    /// <summary>The id of a key, or <c>user …</c> for somebody at the machine's command line.</summary>
    public required string Who { get; init; }

    /// <summary>In two words: <c>key create</c>, <c>worker stop</c>.</summary>
    public required string Action { get; init; }

    public required string Target { get; init; }

    /// <summary>What came of it: <c>done</c>, or why not.</summary>
    public required string Outcome { get; init; }
}
