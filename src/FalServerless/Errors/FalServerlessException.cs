namespace FalServerless;

/// <summary>
/// The root of every error that FalServerless itself raises. What a body throws arrives as the body's own exception type.
/// </summary>
public abstract class FalServerlessException : Exception
{
    /// <summary>Creates the error with a message that says what happened, to which thing, and what to do next.</summary>
    protected FalServerlessException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
