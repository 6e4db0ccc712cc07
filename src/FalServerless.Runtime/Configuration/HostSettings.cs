using FalServerless.Protocol;
using FalServerless.Runtime.Detached;

namespace FalServerless.Runtime.Configuration;

/// <summary>
/// What a host has and allows. Each setting is an environment variable, for a served host also a flag and an entry of its file; what is not
/// set has its default.
/// </summary>
internal sealed record HostSettings
{
    private const long Gigabyte = 1L << 30;

    /// <summary>
    /// <c>FAL_ENVIRONMENTS</c>: the folder of the environments, shared by all hosts of a user; by default one of the user's own.
    /// </summary>
    public string? EnvironmentsDirectory { get; init; }

    /// <summary>
    /// <c>FAL_ENVIRONMENTS_LIMIT</c>: how many bytes all environments together may take before the least recently used ones go; by default
    /// 10 GB.
    /// </summary>
    public long EnvironmentsLimit { get; init; } = 10 * Gigabyte;

    /// <summary><c>FAL_CPUS</c>: how many processors the workers share; by default those of the machine.</summary>
    public double Cpus { get; init; } = Environment.ProcessorCount;

    /// <summary><c>FAL_MEMORY</c>: how many bytes of memory the workers share; by default those of the machine.</summary>
    public long MemoryBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>
    /// <c>FAL_GPUS</c>: the models of the GPUs, separated by commas, as <c>T4,A100</c>; null, the default, looks for them.
    /// </summary>
    public IReadOnlyList<string>? Gpus { get; init; }

    /// <summary><c>FAL_QUEUE_LIMIT</c>: how many calls may wait for workers; by default 10,000.</summary>
    public int QueueLimit { get; init; } = 10_000;

    /// <summary><c>FAL_QUEUE_WAIT</c>: how long a call may wait for a worker; by default 10 minutes.</summary>
    public TimeSpan QueueWait { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary><c>FAL_PREWARMED</c>: how many started workers of each class wait for a call of any kind; by default 1.</summary>
    public int Prewarmed { get; init; } = 1;

    /// <summary><c>FAL_CGROUPS</c>: <c>off</c> leaves the kernel's limits alone; by default they are set where the host may.</summary>
    public bool UsesCgroups { get; init; } = true;

    /// <summary><c>FAL_DATA</c>: the folder that holds what bodies find at <c>/data</c>; by default one of the user's own.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>
    /// <c>FAL_NAMESPACES</c>: <c>off</c> gives workers the machine's own folders, without <c>/data</c>; by default they get it where the
    /// host may.
    /// </summary>
    public bool UsesNamespaces { get; init; } = true;

    /// <summary>
    /// <c>FAL_WORKER_VARIABLES</c>, of served hosts: environment variables that bodies get beside the usual ones. Null, the default of a
    /// local host: all but its settings.
    /// </summary>
    public IReadOnlyList<string>? WorkerVariables { get; init; }

    /// <summary><c>FAL_DETACHED_KEEP</c>: how long a detached call that has ended is kept; by default 7 days.</summary>
    public TimeSpan DetachedKeep { get; init; } = TimeSpan.FromDays(7);

    /// <summary><c>FAL_DETACHED_LIMIT</c>: how many detached calls are kept, those that wait and run included; by default 10,000.</summary>
    public int DetachedLimit { get; init; } = 10_000;

    /// <summary>
    /// <c>FAL_DETACHED_BYTES</c>: how many bytes the inputs, logs and results of detached calls may take; by default 10 GB.
    /// </summary>
    public long DetachedBytes { get; init; } = 10 * Gigabyte;

    /// <summary>How much is kept of detached calls. The scheduler never has so many of them at once that no other call may wait.</summary>
    public DetachedSettings Detached =>
        new()
        {
            Keep = DetachedKeep,
            MaximumCalls = DetachedLimit,
            MaximumBytes = DetachedBytes,
            MaximumScheduled = Math.Clamp(QueueLimit / 2, 1, 1000),
        };

    /// <summary>Reads all settings.</summary>
    public static HostSettings Read(SettingReader reader)
    {
        var defaults = new HostSettings();
        return new()
        {
            EnvironmentsDirectory = reader.Folder("FAL_ENVIRONMENTS", defaults.EnvironmentsDirectory),
            EnvironmentsLimit = reader.Bytes("FAL_ENVIRONMENTS_LIMIT", defaults.EnvironmentsLimit),
            Cpus = reader.Processors("FAL_CPUS", defaults.Cpus),
            MemoryBytes = reader.Bytes("FAL_MEMORY", defaults.MemoryBytes),
            Gpus = reader.Value(
                "FAL_GPUS",
                given => given.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                defaults.Gpus as string[],
                "the models of GPUs, separated by commas"
            ),
            QueueLimit = reader.Count("FAL_QUEUE_LIMIT", defaults.QueueLimit, 1, "a number of calls, 1 at least"),
            QueueWait = reader.Time("FAL_QUEUE_WAIT", defaults.QueueWait),
            Prewarmed = reader.Count("FAL_PREWARMED", defaults.Prewarmed, 0, "a number of workers, or 0"),
            DetachedKeep = reader.Time("FAL_DETACHED_KEEP", defaults.DetachedKeep),
            DetachedLimit = reader.Count("FAL_DETACHED_LIMIT", defaults.DetachedLimit, 1, "a number of calls, 1 at least"),
            DetachedBytes = reader.Bytes("FAL_DETACHED_BYTES", defaults.DetachedBytes),
            DataDirectory = reader.Folder(RuntimeStart.DataVariable, defaults.DataDirectory),
            UsesNamespaces = reader.Switch("FAL_NAMESPACES", defaults.UsesNamespaces),
            UsesCgroups = reader.Switch("FAL_CGROUPS", defaults.UsesCgroups),
        };
    }
}
