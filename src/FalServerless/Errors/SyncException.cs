namespace FalServerless;

/// <summary>
/// A folder could not be synced because of one of its entries: it kept changing, leads out of the folder, is no file, or has no room on the
/// host.
/// </summary>
public sealed class SyncException : FalServerlessException
{
    /// <summary>Creates the error with a message that names the entry and says what to do.</summary>
    public SyncException(string message, string? path = null, Exception? innerException = null)
        : base(message, innerException) => Path = path;

    /// <summary>The entry, locally or in <c>/data</c>; null where it is the whole.</summary>
    public string? Path { get; }
}
