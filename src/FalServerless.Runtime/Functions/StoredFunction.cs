using System.Text;
using FalServerless.Protocol;

namespace FalServerless.Runtime.Functions;

/// <summary>A function that is ready to be sent to a worker.</summary>
internal sealed record StoredFunction
{
    private const string SatelliteEnd = ".resources.dll";

    private IReadOnlyDictionary<string, ContentHash>? _builds;

    public required ContentHash Hash { get; init; }

    public required IReadOnlyList<AssemblyReference> Assemblies { get; init; }

    /// <summary>What surrounds the assemblies on this host's platform.</summary>
    public IReadOnlyList<FunctionFile> Files { get; init; } = [];

    /// <summary>The payload of the frame that makes the function known to a worker.</summary>
    public required ReadOnlyMemory<byte> Definition { get; init; }

    /// <summary>
    /// What a process can hold one build of: assemblies by their simple names, each together with its texts, since those that were not
    /// there once are never looked for again; native libraries by the names of their files.
    /// </summary>
    public IReadOnlyDictionary<string, ContentHash> Builds => _builds ??= ReadBuilds();

    private Dictionary<string, ContentHash> ReadBuilds()
    {
        var texts = Files
            .Where(file => file.Path.EndsWith(SatelliteEnd, StringComparison.OrdinalIgnoreCase))
            .ToLookup(file => Path.GetFileName(file.Path)[..^SatelliteEnd.Length], StringComparer.OrdinalIgnoreCase);
        var builds = new Dictionary<string, ContentHash>(StringComparer.OrdinalIgnoreCase);
        foreach (var assembly in Assemblies)
        {
            builds.TryAdd(assembly.Name, WithTexts(assembly.Image, texts[assembly.Name]));
        }

        foreach (var library in Files.Where(file => file.Platform is not null))
        {
            builds.TryAdd(Path.GetFileName(library.Path), library.Content!.Value);
        }

        return builds;
    }

    private static ContentHash WithTexts(ContentHash image, IEnumerable<FunctionFile> texts)
    {
        var all = texts.OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => $"{file.Path} {file.Content}");
        return string.Join('\n', all) is { Length: > 0 } joined ? ContentHash.Of(Encoding.UTF8.GetBytes($"{image} {joined}")) : image;
    }
}
