namespace FalServerless.Protocol.Http;

/// <summary>The kinds of refusal; each becomes one type of error at the caller. The numbers are part of the protocol.</summary>
internal enum RefusalReason
{
    /// <summary>The request is malformed, forged or of another protocol version.</summary>
    Protocol = 1,

    /// <summary>The host does not know the function: send its manifest too.</summary>
    UnknownFunction = 2,

    /// <summary>The host lacks content that the function needs: upload it and ask again.</summary>
    MissingContent = 3,

    MachineUnavailable = 4,

    QueueFull = 5,

    WorkerCrashed = 6,

    /// <summary>The body ran longer than its timeout.</summary>
    Timeout = 7,

    /// <summary>The key is missing, not good, or may not do this.</summary>
    Credentials = 8,

    /// <summary>The inputs cannot be sent to the host, or the result back.</summary>
    Capture = 9,

    /// <summary>The host is shutting down, or failed in a way that is its own fault.</summary>
    Host = 10,

    /// <summary>The call was cancelled.</summary>
    Cancelled = 11,

    /// <summary>The packages that the function requires cannot be provided.</summary>
    EnvironmentBuild = 12,

    /// <summary>A folder of <c>/data</c> cannot become, or give, what was asked because of one entry, which the refusal names.</summary>
    Data = 13,
}
