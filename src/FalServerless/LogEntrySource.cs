namespace FalServerless;

/// <summary>Who wrote a log line. The numbers are part of the protocol.</summary>
public enum LogEntrySource
{
    /// <summary>The host: its pool, its workers.</summary>
    Host = 1,

    /// <summary>The body of the function.</summary>
    User = 2,
}
