namespace FalServerless;

/// <summary>The host has no machine of the type that the function asks for.</summary>
public sealed class MachineUnavailableException : FalServerlessException
{
    /// <summary>Creates the error with a message that names the machine type and what would fit.</summary>
    public MachineUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
