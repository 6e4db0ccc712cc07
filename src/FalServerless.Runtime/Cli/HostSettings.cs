using System.Globalization;
using FalServerless.Protocol;

namespace FalServerless.Runtime.Cli;

/// <summary>What a host has and allows. Each setting is an environment variable; what is not set has its default.</summary>
internal sealed record HostSettings
{
    private const long Gigabyte = 1L << 30;

    /// <summary><c>FAL_ENVIRONMENTS</c>: the folder of the environments, shared by all hosts of a user; by default one of the user's own.</summary>
    public string? EnvironmentsDirectory { get; init; }

    /// <summary><c>FAL_ENVIRONMENTS_LIMIT</c>: how many bytes all environments together may take before the least recently used ones go; by default 10 GB.</summary>
    public long EnvironmentsLimit { get; init; } = 10 * Gigabyte;

    /// <summary><c>FAL_CPUS</c>: how many processors the workers share; by default those of the machine.</summary>
    public double Cpus { get; init; } = Environment.ProcessorCount;

    /// <summary><c>FAL_MEMORY</c>: how many bytes of memory the workers share; by default those of the machine.</summary>
    public long MemoryBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary><c>FAL_GPUS</c>: the models of the GPUs, separated by commas, as <c>T4,A100</c>; null, the default, looks for them.</summary>
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

    /// <summary><c>FAL_NAMESPACES</c>: <c>off</c> gives workers the machine's own folders, without <c>/data</c>; by default they get it where the host may.</summary>
    public bool UsesNamespaces { get; init; } = true;

    /// <summary>Reads all settings.</summary>
    /// <param name="variable">Gives an environment variable; null where it is not set.</param>
    /// <param name="errors">Everything that is wrong, a line for each.</param>
    public static HostSettings Read(Func<string, string?> variable, out IReadOnlyList<string> errors)
    {
        var found = new List<string>();
        var settings = new HostSettings();
        settings = settings with
        {
            EnvironmentsDirectory = Value("FAL_ENVIRONMENTS", text => Path.IsPathFullyQualified(text) ? text : null, settings.EnvironmentsDirectory, "an absolute path"),
            EnvironmentsLimit = Value("FAL_ENVIRONMENTS_LIMIT", Bytes, settings.EnvironmentsLimit, "a number of bytes such as 500MB or 10GB"),
            Cpus = Value("FAL_CPUS", text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cpus) && cpus > 0 ? cpus : null, settings.Cpus, "a number of processors such as 2 or 0.5"),
            MemoryBytes = Value("FAL_MEMORY", Bytes, settings.MemoryBytes, "a number of bytes such as 500MB or 10GB"),
            Gpus = Value("FAL_GPUS", text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), settings.Gpus as string[], "the models of GPUs, separated by commas"),
            QueueLimit = Value("FAL_QUEUE_LIMIT", text => Count(text, 1), settings.QueueLimit, "a number of calls, 1 at least"),
            QueueWait = Value("FAL_QUEUE_WAIT", Time, settings.QueueWait, "a time such as 30s, 10m or 1h"),
            Prewarmed = Value("FAL_PREWARMED", text => Count(text, 0), settings.Prewarmed, "a number of workers, or 0"),
            DataDirectory = Value(RuntimeStart.DataVariable, text => Path.IsPathFullyQualified(text) ? text : null, settings.DataDirectory, "an absolute path"),
            UsesNamespaces = Value<bool>("FAL_NAMESPACES", text => text switch { "on" => true, "off" => false, _ => null }, settings.UsesNamespaces, "'on' or 'off'"),
            UsesCgroups = Value<bool>("FAL_CGROUPS", text => text switch { "on" => true, "off" => false, _ => null }, settings.UsesCgroups, "'on' or 'off'"),
        };
        errors = found;
        return settings;

        T? Wrong<T>(string name, string text, T? fallback, string expected)
        {
            found.Add($"{name} is '{text}'; it must be {expected}.");
            return fallback;
        }

        T Value<T>(string name, Func<string, object?> read, T fallback, string expected) =>
            variable(name) is not { Length: > 0 } text ? fallback : read(text) is T value ? value : Wrong(name, text, fallback, expected)!;
    }

    private static object? Count(string text, int least) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least ? count : null;

    private static object? Bytes(string text)
    {
        var (digits, unit) = text switch
        {
            [.. var number, 'K', 'B'] => (number, 1L << 10),
            [.. var number, 'M', 'B'] => (number, 1L << 20),
            [.. var number, 'G', 'B'] => (number, Gigabyte),
            [.. var number, 'T', 'B'] => (number, Gigabyte << 10),
            _ => (text, 1L),
        };
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 && count <= long.MaxValue / unit ? count * unit : null;
    }

    private static object? Time(string text)
    {
        var unit = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        return unit > 0 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? TimeSpan.FromSeconds((double)count * unit) : null;
    }
}
