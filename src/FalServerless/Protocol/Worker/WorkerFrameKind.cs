namespace FalServerless.Protocol.Worker;

/// <summary>What a frame between gateway and worker is. The numbers are part of the protocol.</summary>
internal enum WorkerFrameKind : byte
{
    /// <summary>Worker → gateway, first on each connection: a <see cref="WorkerHello"/>.</summary>
    Hello = 1,

    /// <summary>Gateway → worker: a function's hash, manifest and the paths of its assemblies; precedes its first call.</summary>
    Function = 2,

    /// <summary>
    /// Gateway → worker: a <see cref="WorkerInvoke"/> and the first bytes of the payload, the whole of it where it is small.
    /// </summary>
    Invoke = 3,

    /// <summary>Worker → gateway: a log entry.</summary>
    Log = 4,

    /// <summary>Worker → gateway: the call's result.</summary>
    Result = 5,

    /// <summary>Worker → gateway: what the body threw.</summary>
    Failure = 6,

    /// <summary>Worker → gateway: a refusal.</summary>
    Refusal = 7,

    /// <summary>Gateway → worker on the control connection: end now.</summary>
    Stop = 8,

    /// <summary>Gateway → worker: the next bytes of a call's payload.</summary>
    Input = 9,

    /// <summary>Worker → gateway: as the event of that name.</summary>
    Chunk = 10,

    /// <summary>Worker → gateway: as the event of that name.</summary>
    Item = 11,

    /// <summary>
    /// Gateway → worker on the control connection: the call is cancelled. The worker answers it all the same, so that the gateway knows it
    /// ended.
    /// </summary>
    Cancel = 12,

    /// <summary>
    /// Gateway → worker on the control connection: so many more bytes of the call's events (4 bytes, little-endian) may be sent.
    /// </summary>
    Credit = 13,

    /// <summary>Gateway → worker: a <see cref="WorkerClaim"/>; once, before the first function. Until then the worker is generic.</summary>
    Claim = 14,
}
