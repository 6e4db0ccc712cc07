namespace FalServerless.Runtime.Calls;

/// <summary>Who made an event, which decides what keeps it from coming too fast.</summary>
internal enum EventSource : byte
{
    /// <summary>The gateway, or a worker's answer: one for each call, so nothing has to hold it back.</summary>
    Once,

    /// <summary>A worker, within its call's window.</summary>
    Window,

    /// <summary>What the worker's process printed past its console: the pipe is not read faster than the caller does.</summary>
    Pipe,
}
