namespace FalServerless;

/// <summary>How much a log line matters. The numbers are part of the protocol.</summary>
public enum LogEntryLevel
{
    /// <summary>Steps of the machinery.</summary>
    Trace = 0,

    /// <summary>Of interest while something is being looked into.</summary>
    Debug = 1,

    /// <summary>What a body writes to its standard output.</summary>
    Info = 2,

    /// <summary>Something is not as it should be, and the call continues.</summary>
    Warning = 3,

    /// <summary>What a body writes to its standard error.</summary>
    Error = 4,
}
