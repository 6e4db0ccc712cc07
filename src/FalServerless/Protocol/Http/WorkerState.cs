namespace FalServerless.Protocol.Http;

/// <summary>What a worker does. The names, in small letters, are part of the protocol.</summary>
internal enum WorkerState
{
    /// <summary>It is started and not yet claimed.</summary>
    Prewarmed,

    /// <summary>It stays for further calls.</summary>
    Idle,

    /// <summary>It runs calls, and may take more if it has places.</summary>
    Busy,

    /// <summary>It takes no calls any more, and ends.</summary>
    Draining,
}
