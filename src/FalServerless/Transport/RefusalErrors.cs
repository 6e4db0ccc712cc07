using FalServerless.Protocol.Http;

namespace FalServerless.Transport;

/// <summary>The error that a refusal becomes at the caller.</summary>
internal static class RefusalErrors
{
    public static Exception ToException(Refusal refusal) =>
        refusal.Reason switch
        {
            RefusalReason.MachineUnavailable => new MachineUnavailableException(refusal.Message),
            RefusalReason.QueueFull => new QueueFullException(refusal.Message, limit: refusal.Limit),
            RefusalReason.WorkerCrashed => new WorkerCrashedException(
                refusal.Message,
                refusal.ExitCode,
                refusal.Cause ?? WorkerCrashCause.Unknown,
                refusal.LastLines
            ),
            RefusalReason.Timeout => new TimeoutException(refusal.Message),
            RefusalReason.Cancelled => new OperationCanceledException(refusal.Message),
            RefusalReason.EnvironmentBuild => new EnvironmentBuildException(refusal.Message, refusal.Requirement),
            RefusalReason.Data => new SyncException(refusal.Message, refusal.DataPath),
            RefusalReason.Capture => new CaptureException(refusal.Message, limit: refusal.Limit),
            RefusalReason.Host => new HostUnreachableException(refusal.Message, HostUnreachableCause.Unavailable),
            RefusalReason.Credentials => new CredentialsException(refusal.Message, ProblemOf(refusal)),
            _ => new ProtocolException(refusal.Message),
        };

    /// <summary>What a host says is wrong with a key; what only this side can find is nothing that it can say.</summary>
    public static CredentialsProblem ProblemOf(Refusal refusal) =>
        (CredentialsProblem)(refusal.CredentialsFault ?? 0)
            is var problem
                and >= CredentialsProblem.Missing
                and <= CredentialsProblem.TooManyAttempts
            ? problem
            : CredentialsProblem.Unknown;
}
