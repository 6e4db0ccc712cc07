using System.Text.Json;
using System.Text.Json.Serialization;

namespace FalServerless.Runtime.Environments;

/// <summary>What an environment says of itself in <c>manifest.json</c>, which is written when all else is there.</summary>
internal sealed partial record EnvironmentManifest
{
    public required string Key { get; init; }

    /// <summary>Normalised.</summary>
    public required IReadOnlyList<string> Requirements { get; init; }

    public required string Framework { get; init; }

    public required string RuntimeIdentifier { get; init; }

    /// <summary>Every package with the version that was chosen: a floating one stays at it.</summary>
    public required IReadOnlyList<ResolvedPackage> Packages { get; init; }

    public required IReadOnlyList<EnvironmentFile> Files { get; init; }

    public required DateTimeOffset Made { get; init; }

    public void Write(string path)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        JsonSerializer.Serialize(file, this, Json.Default.EnvironmentManifest);
        file.Flush(flushToDisk: true);
    }

    /// <returns>Null when there is none, or it is not whole.</returns>
    public static EnvironmentManifest? Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return
                JsonSerializer.Deserialize(file, Json.Default.EnvironmentManifest)
                    is { Requirements: not null, Packages: not null, Files: not null } manifest
                && !manifest.Packages.Contains(null!)
                && !manifest.Files.Contains(null!)
                ? manifest
                : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(EnvironmentManifest))]
    private sealed partial class Json : JsonSerializerContext;
}
