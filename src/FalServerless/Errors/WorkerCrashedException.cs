namespace FalServerless;

/// <summary>
/// The worker process ended while it ran the call: it exited, was killed, ran out of memory or overflowed its stack.
/// It is replaced; other calls go on.
/// </summary>
public sealed class WorkerCrashedException : FalServerlessException
{
    /// <summary>Creates the error with a message that says how the process ended and what to try.</summary>
    /// <param name="message">How the process ended, its last output, and what to try.</param>
    /// <param name="exitCode">The exit code, 128 + the signal's number for a signal; null when it is not known.</param>
    /// <param name="cause">How the process ended.</param>
    /// <param name="lastLines">The last lines of the call's log, and what the process said at its end.</param>
    /// <param name="innerException">What was found on the way, if anything.</param>
    public WorkerCrashedException(
        string message,
        int? exitCode = null,
        WorkerCrashCause cause = WorkerCrashCause.Unknown,
        IReadOnlyList<string>? lastLines = null,
        Exception? innerException = null
    )
        : base(message, innerException)
    {
        ExitCode = exitCode;
        Cause = cause;
        LastLines = lastLines ?? [];
    }

    /// <summary>How the process ended, as far as that is known.</summary>
    public WorkerCrashCause Cause { get; }

    /// <summary>The last lines of the call's log, and what the process said at its end; oldest first, empty if there are none.</summary>
    public IReadOnlyList<string> LastLines { get; }

    /// <summary>The exit code of the process; 128 + the signal's number when a signal ended it; null when it is not known.</summary>
    public int? ExitCode { get; }
}
