namespace FalServerless.Runtime.Workers;

/// <summary>A worker as its launcher knows it: what limits it, what it prints past its connection, and its end.</summary>
internal interface IWorker
{
    /// <summary>What it is called in listings, logs and commands; only its launcher knows what the id stands for.</summary>
    string Id { get; }

    /// <summary>Completes when the worker has ended.</summary>
    Task Exited { get; }

    /// <summary>How much memory it holds now; zero when it is gone.</summary>
    long ResidentBytes { get; }

    /// <summary>
    /// Receives lines that it printed past <see cref="Console"/>, native code's for instance, and whether each went to the standard error.
    /// </summary>
    Action<string, bool>? LinePrinted { get; set; }

    /// <summary>Blocks while there is no room for further lines.</summary>
    Action? WaitForRoom { get; set; }

    /// <summary>The most bytes of its managed heap as a machine type; null without a limit.</summary>
    long? HeapLimit(MachineType machineType);

    /// <summary>Limits it to a machine type from now on.</summary>
    /// <exception cref="IOException">It cannot be limited, or it has ended.</exception>
    void Limit(MachineType machineType);

    /// <summary>Lets it use as much of the processors' time as there is.</summary>
    void LiftCpuLimit();

    /// <summary>Hands on every line that was printed until now.</summary>
    void DrainOutput();

    /// <summary>What it printed until now belongs to calls that are over.</summary>
    void ForgetOutput();

    void Kill();

    /// <summary>Kills it for a reason that its end is then described with.</summary>
    void Kill(string reason);

    /// <summary>
    /// Ends a worker that has closed its connection, unless it is about to end by itself: then its own end tells more. Blocks for a moment.
    /// </summary>
    void KillUnlessEnding();

    /// <summary>How it ended. Waits a little for the exit and the last lines.</summary>
    Task<WorkerEnd> EndAsync();
}
