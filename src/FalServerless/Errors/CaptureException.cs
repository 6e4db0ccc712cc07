namespace FalServerless;

/// <summary>
/// Something in a function cannot be sent to another process: a captured variable, an input, a result, or the code itself.
/// The message names it, the path to it, and what to do instead.
/// </summary>
public sealed class CaptureException : FalServerlessException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What cannot be sent, why, and what to do instead.</param>
    /// <param name="path">The way to it from the function: <c>orders[3].Client</c>; null when the function itself is meant.</param>
    /// <param name="limit">How many bytes may be sent, when it is too large; else null.</param>
    /// <param name="innerException">What was found on the way, if anything.</param>
    public CaptureException(string message, string? path = null, long? limit = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Path = path;
        Limit = limit;
    }

    /// <summary>How many bytes may be sent, when it is too large for the host or the protocol; null when it is something else.</summary>
    public long? Limit { get; }

    /// <summary>
    /// The way to what cannot be sent, from the captured variable, the input or the result; null when the function itself is meant.
    /// </summary>
    public string? Path { get; }
}
