using FalServerless.Protocol;

namespace FalServerless.Transport;

/// <summary>The error that a refusal becomes at the caller.</summary>
internal static class RefusalErrors
{
    public static Exception ToException(Refusal refusal) => refusal.Reason switch
    {
        RefusalReason.MachineUnavailable => new MachineUnavailableException(refusal.Message),
        RefusalReason.QueueFull => new QueueFullException(refusal.Message, limit: refusal.Limit),
        RefusalReason.WorkerCrashed => new WorkerCrashedException(refusal.Message, refusal.ExitCode, refusal.Cause ?? WorkerCrashCause.Unknown, refusal.LastLines),
        RefusalReason.Timeout => new TimeoutException(refusal.Message),
        RefusalReason.Cancelled => new OperationCanceledException(refusal.Message),
        RefusalReason.EnvironmentBuild => new EnvironmentBuildException(refusal.Message, refusal.Requirement),
        RefusalReason.Data => new SyncException(refusal.Message, refusal.DataPath),
        RefusalReason.Capture => new CaptureException(refusal.Message, limit: refusal.Limit),
        RefusalReason.Host => new HostUnreachableException(refusal.Message, HostUnreachableCause.Unavailable),
        RefusalReason.Credentials => new CredentialsException(refusal.Message),
        _ => new ProtocolException(refusal.Message),
    };
}
