namespace FalServerless;

/// <summary>All workers are busy and the host's queue is full, or the call waited in it as long as a call may.</summary>
public sealed class QueueFullException : FalServerlessException
{
    /// <summary>Creates the error with a message that names the limit.</summary>
    public QueueFullException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
