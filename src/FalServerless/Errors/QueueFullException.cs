namespace FalServerless;

/// <summary>
/// All workers are busy and the host's queue is full, the key has as many calls there as it may, or the call waited as long as a call may.
/// </summary>
public sealed class QueueFullException : FalServerlessException
{
    /// <summary>Creates the error with a message that names the limit.</summary>
    /// <param name="message">Which limit was reached, and what to do.</param>
    /// <param name="limit">How many calls there may be; null when the call waited too long.</param>
    /// <param name="innerException">What was found on the way, if anything.</param>
    public QueueFullException(string message, long? limit = null, Exception? innerException = null)
        : base(message, innerException) => Limit = limit;

    /// <summary>
    /// How many calls there may be at once, in the queue or in all, as the message says; null when the call waited too long.
    /// </summary>
    public long? Limit { get; }
}
