namespace FalServerless;

/// <summary>Who wrote a log line. The numbers are part of the protocol.</summary>
public enum LogEntrySource
{
    /// <summary>The host: its pool, its workers.</summary>
    Host = 1,

    /// <summary>The body of the function.</summary>
    User = 2,

    /// <summary>The build of the environment that the function requires: NuGet's restore.</summary>
    Build = 3,
}
