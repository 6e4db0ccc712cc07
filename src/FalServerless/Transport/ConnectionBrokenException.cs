namespace FalServerless.Transport;

/// <summary>A connection to the host broke, or none could be made. What was sent may have arrived or not.</summary>
internal sealed class ConnectionBrokenException(
    string message,
    Exception? cause = null,
    HostUnreachableCause why = HostUnreachableCause.Reset,
    bool isSettled = false
) : IOException(message, cause)
{
    public HostUnreachableCause Why => why;

    /// <summary>Whether asking again is of no use: it was asked again already, or nothing would change.</summary>
    public bool IsSettled => isSettled;
}
