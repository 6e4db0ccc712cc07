namespace FalServerless;

/// <summary>
/// The worker process ended while it ran the call: it exited, was killed, ran out of memory or overflowed its stack.
/// It is replaced; other calls go on.
/// </summary>
public sealed class WorkerCrashedException : FalServerlessException
{
    /// <summary>Creates the error with a message that says how the process ended and what to try.</summary>
    /// <param name="message">How the process ended, its last words, and what to try.</param>
    /// <param name="exitCode">The exit code, 128 + the signal's number for a signal; null when it is not known.</param>
    /// <param name="innerException">What was found on the way, if anything.</param>
    public WorkerCrashedException(string message, int? exitCode = null, Exception? innerException = null)
        : base(message, innerException) => ExitCode = exitCode;

    /// <summary>The exit code of the process; 128 + the signal's number when a signal ended it; null when it is not known.</summary>
    public int? ExitCode { get; }
}
