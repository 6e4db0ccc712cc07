namespace FalServerless;

/// <summary>
/// The body threw an exception whose type this program cannot rebuild: it does not have the type. The message is the remote one,
/// and the stack trace starts with the remote frames.
/// </summary>
public sealed class RemoteException : FalServerlessException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">The message of the remote exception.</param>
    /// <param name="typeName">The full name of the type that was thrown in the worker.</param>
    /// <param name="innerException">Its inner exception, rebuilt where that is possible.</param>
    public RemoteException(string message, string typeName, Exception? innerException = null)
        : base(message, innerException) => TypeName = typeName;

    /// <summary>The full name of the type that was thrown in the worker.</summary>
    public string TypeName { get; }
}
