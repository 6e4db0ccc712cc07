namespace FalServerless;

/// <summary>What an entry of <c>/data</c> is.</summary>
public enum DataEntryKind
{
    /// <summary>A file with content.</summary>
    File,

    /// <summary>A folder.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    Link,
}
