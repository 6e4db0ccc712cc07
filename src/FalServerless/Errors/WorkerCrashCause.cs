namespace FalServerless;

/// <summary>How a worker's process ended while it ran a call. The numbers are part of the protocol.</summary>
public enum WorkerCrashCause
{
    /// <summary>Nothing tells.</summary>
    Unknown = 0,

    /// <summary>The body, or code that it called, ended the process: <see cref="Environment.Exit"/>, native <c>exit</c>.</summary>
    Exit = 1,

    /// <summary>
    /// The process was aborted: <see cref="Environment.FailFast(string)"/>, an exception on a thread of the body's own, native
    /// <c>abort</c>.
    /// </summary>
    Abort = 2,

    /// <summary>A thread ran out of stack, which no code can catch.</summary>
    StackOverflow = 3,

    /// <summary>The process needed more memory than its machine type has.</summary>
    OutOfMemory = 4,

    /// <summary>Native code touched memory that is not its own, or ran a bad instruction.</summary>
    NativeFault = 5,

    /// <summary>Somebody outside killed the process: a user, or the machine.</summary>
    Killed = 6,
}
