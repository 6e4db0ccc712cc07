namespace FalServerless.Protocol;

/// <summary>What a frame between gateway and worker is. The numbers are part of the protocol.</summary>
internal enum WorkerFrameKind : byte
{
    /// <summary>Worker → gateway, first on each connection: a <see cref="WorkerHello"/>.</summary>
    Hello = 1,

    /// <summary>Gateway → worker: a function's hash, manifest and the paths of its assemblies; goes before its first call.</summary>
    Function = 2,

    /// <summary>Gateway → worker: the function's hash, then the payload.</summary>
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
}
