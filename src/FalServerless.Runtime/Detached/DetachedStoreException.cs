namespace FalServerless.Runtime.Detached;

/// <summary>The store of detached calls cannot be used; the message says which, why, and what to do.</summary>
internal sealed class DetachedStoreException(string message, Exception? cause = null) : IOException(message, cause);
