using FalServerless.Protocol;

namespace FalServerless.Runtime.Environments;

/// <summary>An environment as a listing shows it.</summary>
internal sealed record StoredEnvironment
{
    public required ContentHash Key { get; init; }

    public required EnvironmentManifest Manifest { get; init; }

    public required DateTimeOffset LastUsed { get; init; }

    /// <summary>Whether some host uses it, or is at work on it.</summary>
    public required bool IsInUse { get; init; }

    public long Bytes => Manifest.Files.Sum(file => file.Size);
}
