namespace FalServerless;

/// <summary>What has become of a detached call. The numbers are part of the protocol.</summary>
public enum InvocationStatus
{
    /// <summary>It waits for its environment or a worker, or to be run again.</summary>
    Queued = 1,

    /// <summary>A worker has it.</summary>
    Running = 2,

    /// <summary>The body ended, and its result is kept.</summary>
    Succeeded = 3,

    /// <summary>The body threw, its worker crashed, its time was over, or the host could not run it.</summary>
    Failed = 4,

    /// <summary>It was cancelled before its end.</summary>
    Cancelled = 5,

    /// <summary>
    /// Its host ended while it ran. How far the body came is unknown, and it was not run again: see <see cref="IsolatedOptions.Retries"/>.
    /// </summary>
    Interrupted = 6,
}
