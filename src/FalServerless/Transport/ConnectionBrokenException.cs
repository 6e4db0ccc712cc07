namespace FalServerless.Transport;

/// <summary>A connection to the host broke, or none could be made. What was sent may have arrived or not.</summary>
internal sealed class ConnectionBrokenException(string message, Exception? cause = null) : IOException(message, cause);
