namespace FalServerless.Protocol.Http;

/// <summary>Why a host did not run a call, or not to its end.</summary>
internal sealed record Refusal
{
    public required RefusalReason Reason { get; init; }

    /// <summary>What happened, which thing, what to do next.</summary>
    public required string Message { get; init; }

    /// <summary>For <see cref="RefusalReason.WorkerCrashed"/>.</summary>
    public int? ExitCode { get; init; }

    /// <summary>For <see cref="RefusalReason.WorkerCrashed"/>: how the process ended.</summary>
    public WorkerCrashCause? Cause { get; init; }

    /// <summary>
    /// For <see cref="RefusalReason.WorkerCrashed"/>: the last lines of the call's log, and what the process said at its end.
    /// </summary>
    public IReadOnlyList<string> LastLines { get; init; } = [];

    /// <summary>For <see cref="RefusalReason.EnvironmentBuild"/>: the requirement that failed, where one did.</summary>
    public string? Requirement { get; init; }

    /// <summary>For <see cref="RefusalReason.Data"/>: the path in <c>/data</c>, where it is about one.</summary>
    public string? DataPath { get; init; }

    /// <summary>The number that was reached, where it is one: of calls or of bytes.</summary>
    public long? Limit { get; init; }

    /// <summary>
    /// For <see cref="RefusalReason.Credentials"/>: what is wrong with the key, a <see cref="CredentialsProblem"/> from 1 to 6.
    /// </summary>
    public int? CredentialsFault { get; init; }

    /// <summary>For <see cref="RefusalReason.MissingContent"/>: what to upload before asking again.</summary>
    public IReadOnlyList<ContentHash> Missing { get; init; } = [];
}
