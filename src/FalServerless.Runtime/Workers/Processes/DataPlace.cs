namespace FalServerless.Runtime.Workers.Processes;

/// <summary>Where workers find the host's data.</summary>
internal sealed record DataPlace
{
    /// <summary>The path, inside workers.</summary>
    public required string Path { get; init; }

    /// <summary>What they must enter for it; null where they share the machine's own folders.</summary>
    public MountNamespace? Namespace { get; init; }

    /// <summary>Where they must go once they have entered it, for that leaves them at its root; null where they need not.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Why they share the machine's own folders; null where they do not.</summary>
    public string? Reason { get; init; }
}
