namespace FalServerless;

/// <summary>
/// Bytes that came from the other side are not what the protocol allows: truncated, forged, of another version, or over a limit.
/// Nothing of such a message is used.
/// </summary>
public sealed class ProtocolException : FalServerlessException
{
    /// <summary>Creates the error with a message that names what was read and what was expected.</summary>
    public ProtocolException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
