namespace FalServerless.Runtime.Workers.Processes.ResourceLimits;

/// <summary>A worker's process and all that it starts, as one to the kernel, which limits what they use together.</summary>
internal interface IProcessGroup
{
    /// <summary>Takes a process in; what it starts from then on is in it too.</summary>
    /// <exception cref="IOException">The process has ended, or the kernel refuses.</exception>
    void Add(int processId);

    /// <summary>Limits the processes from now on; null is without a limit.</summary>
    /// <exception cref="IOException">The kernel refuses, or the group is gone.</exception>
    void Limit(double? cpus, long? memoryBytes);

    /// <summary>
    /// Lets the processes use as much of the processors' time as there is, for an end that has a time limit of its own. Does nothing where
    /// the group is gone.
    /// </summary>
    void LiftCpuLimit();

    /// <summary>Whether the kernel has killed one of the processes out of memory. Still known once the group is gone.</summary>
    bool RanOutOfMemory { get; }

    /// <summary>Kills what is left in the group, and removes it. May be called again.</summary>
    /// <returns>False when it could not be removed in time.</returns>
    Task<bool> RemoveAsync();
}
