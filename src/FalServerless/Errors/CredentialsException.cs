namespace FalServerless;

/// <summary>A host does not accept the key that a call brought, or there is no key to bring. The body did not run.</summary>
public sealed class CredentialsException : FalServerlessException
{
    /// <summary>
    /// Creates the error with a message that says which key, what is wrong with it, and what to do. It must not contain the secret.
    /// </summary>
    public CredentialsException(
        string message,
        CredentialsProblem problem = CredentialsProblem.Unknown,
        string? keyId = null,
        Exception? innerException = null
    )
        : base(message, innerException)
    {
        Problem = problem;
        KeyId = keyId;
    }

    /// <summary>What is wrong.</summary>
    public CredentialsProblem Problem { get; }

    /// <summary>The id of the key; null where there is none.</summary>
    public string? KeyId { get; }
}
