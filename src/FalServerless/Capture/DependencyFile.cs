using System.Text.Json;
using FalServerless.Protocol;

namespace FalServerless.Capture;

/// <summary>Reads the list of a program's dependencies (<c>.deps.json</c>).</summary>
internal static class DependencyFile
{
    /// <summary>The packages and projects of a list; none where it cannot be read.</summary>
    public static IReadOnlyList<ProgramLibrary> Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var document = JsonDocument.Parse(file);
            return Read(document.RootElement, Path.GetDirectoryName(path)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // The program runs without it, or with one that nobody wrote for it; its assemblies are still found by their references.
            return [];
        }
    }

    private static List<ProgramLibrary> Read(JsonElement root, string folder)
    {
        var target = root.GetProperty("runtimeTarget").GetProperty("name").GetString() ?? "";

        // ".NETCoreApp,Version=v10.0/linux-x64" is that of a program for one platform.
        var platform = target.Split('/') is [_, var given] ? given : NativePlatforms.Own;
        var descriptions = root.GetProperty("libraries");
        var libraries = new List<ProgramLibrary>();
        foreach (var library in root.GetProperty("targets").GetProperty(target).EnumerateObject())
        {
            var description = descriptions.TryGetProperty(library.Name, out var found) ? found : default;
            if (TextOf(description, "type") != "runtimepack")
            {
                libraries.Add(new(
                    library.Name.Split('/')[0],
                    [folder, .. PackageFolders(TextOf(description, "path"))],
                    [.. NamesIn(library.Value, "runtime").Concat(Targets(library.Value, "runtime").Select(target => target.Name)).Where(IsAssembly).Select(SimpleName).Distinct()],
                    [.. NamesIn(library.Value, "native").Where(IsPath).Select(name => new NativeAsset(name, platform)), .. Natives(library.Value)],
                    [.. NamesIn(library.Value, "dependencies")]));
            }
        }

        return libraries;
    }

    private static IEnumerable<NativeAsset> Natives(JsonElement library) =>
        Targets(library, "native").Where(target => IsPath(target.Name)).Select(target => new NativeAsset(target.Name, TextOf(target.Value, "rid") ?? "any"));

    private static IEnumerable<JsonProperty> Targets(JsonElement library, string kind) =>
        library.TryGetProperty("runtimeTargets", out var targets) ? targets.EnumerateObject().Where(target => TextOf(target.Value, "assetType") == kind) : [];

    private static IEnumerable<string> NamesIn(JsonElement library, string group) =>
        library.TryGetProperty(group, out var members) ? members.EnumerateObject().Select(member => member.Name) : [];

    private static string? TextOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var text) ? text.GetString() : null;

    // "lib/net8.0/_._" stands for nothing.
    private static bool IsAssembly(string path) => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".exe", StringComparison.OrdinalIgnoreCase);

    private static string SimpleName(string path) => Path.GetFileNameWithoutExtension(path);

    private static bool IsPath(string path) => Serialization.Messages.FunctionFileCodec.IsRelative(path);

    // A program that runs without its packages beside it is told where they lie.
    private static IEnumerable<string> PackageFolders(string? path) =>
        path is null || AppContext.GetData("PROBING_DIRECTORIES") is not string folders
            ? []
            : folders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, path));
}
