using FalServerless.Runtime.Calls;

namespace FalServerless.Runtime.Configuration;

/// <summary>What every host needs to know, however it is started: where its files are, and what it has and allows.</summary>
internal sealed record HostOptions
{
    /// <summary>
    /// A folder for this run alone, readable by its owner only: sockets and the assemblies that workers load. Removed at the end.
    /// </summary>
    public required string Directory { get; init; }

    /// <summary>
    /// What the host remembers: contents, functions, detached calls. For a local host it is <see cref="Directory"/>; for a served one it
    /// outlives the run.
    /// </summary>
    public required string StateDirectory { get; init; }

    /// <summary>The folder that holds what bodies keep in <c>/data</c>. It outlives the host.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The folder of the environments, which all hosts of the user share.</summary>
    public required string EnvironmentsDirectory { get; init; }

    /// <summary>Where the search for the user's NuGet.config begins, upwards; null where none is given.</summary>
    public string? ConfigurationDirectory { get; init; }

    public required HostSettings Settings { get; init; }

    /// <summary>Whether a machine type that is larger than this machine is refused. Else it runs with what there is.</summary>
    public bool RefusesLarger { get; init; }

    /// <summary>How much each key may have; null is no limits beside the protocol's.</summary>
    public KeyLimits? KeyLimits { get; init; }
}
