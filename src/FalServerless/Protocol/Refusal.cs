namespace FalServerless.Protocol;

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

    /// <summary>For <see cref="RefusalReason.WorkerCrashed"/>: the last lines of the call's log, and what the process said at its end.</summary>
    public IReadOnlyList<string> LastLines { get; init; } = [];

    /// <summary>For <see cref="RefusalReason.EnvironmentBuild"/>: the requirement that failed, where one did.</summary>
    public string? Requirement { get; init; }

    /// <summary>For <see cref="RefusalReason.Data"/>: the path in <c>/data</c>, where it is about one.</summary>
    public string? DataPath { get; init; }

    /// <summary>The number that was reached, where it is one: of calls or of bytes.</summary>
    public long? Limit { get; init; }

    /// <summary>
    /// For <see cref="RefusalReason.Credentials"/>: what is wrong with the key. 1 missing, 2 unknown or wrong, 3 revoked, 4 expired, 5 lacks the scope that the
    /// request needs, 6 too many attempts with wrong keys. The numbers are part of the protocol.
    /// </summary>
    public int? CredentialsFault { get; init; }

    /// <summary>For <see cref="RefusalReason.MissingContent"/>: what to upload before asking again.</summary>
    public IReadOnlyList<ContentHash> Missing { get; init; } = [];
}
