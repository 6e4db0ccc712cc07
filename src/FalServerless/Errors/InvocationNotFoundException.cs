namespace FalServerless;

/// <summary>
/// The host has no detached call with the id that this program's key may see: it never had it, or does not keep it any more.
/// </summary>
public sealed class InvocationNotFoundException : FalServerlessException
{
    /// <summary>Creates the error.</summary>
    /// <param name="id">The id that was asked for.</param>
    /// <param name="message">What to check.</param>
    /// <param name="innerException">What was found on the way, if anything.</param>
    public InvocationNotFoundException(Guid id, string message, Exception? innerException = null)
        : base(message, innerException) => Id = id;

    /// <summary>The id that was asked for.</summary>
    public Guid Id { get; }
}
