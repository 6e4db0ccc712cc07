namespace FalServerless;

/// <summary>What is wrong with the credentials of a call. The numbers from 1 to 6 are part of the protocol.</summary>
public enum CredentialsProblem
{
    /// <summary>The host refuses the call, and does not say what is wrong.</summary>
    Unknown = 0,

    /// <summary>There is no key: none was given or configured for the host, or the request arrived without one.</summary>
    Missing = 1,

    /// <summary>The host does not know the key, or its secret is another one.</summary>
    Wrong = 2,

    /// <summary>The key was revoked.</summary>
    Revoked = 3,

    /// <summary>The key's time is over.</summary>
    Expired = 4,

    /// <summary>The key is good, but not for what was asked.</summary>
    LacksScope = 5,

    /// <summary>Too many attempts with wrong keys were made from here, or with this key; the host looks at no more for a while.</summary>
    TooManyAttempts = 6,

    /// <summary>
    /// What is configured here is not a valid key: half of one, malformed, or in a file that others can read. Nothing was sent.
    /// </summary>
    Unusable = 7,
}
