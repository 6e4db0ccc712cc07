namespace FalServerless;

/// <summary>The host did not start, does not answer, or went away while a call was running. Whether the body ran is then unknown.</summary>
public sealed class HostUnreachableException : FalServerlessException
{
    /// <summary>Creates the error with a message that names the host, the cause and what to try.</summary>
    public HostUnreachableException(
        string message,
        HostUnreachableCause cause = HostUnreachableCause.Unknown,
        Exception? innerException = null
    )
        : base(message, innerException) => Cause = cause;

    /// <summary>Why the host could not be reached, as far as that is known.</summary>
    public HostUnreachableCause Cause { get; }
}
