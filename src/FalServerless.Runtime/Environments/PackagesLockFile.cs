using System.Text.Json;

namespace FalServerless.Runtime.Environments;

/// <summary>Reads from NuGet's lock file what the requirements became.</summary>
internal static class PackagesLockFile
{
    public static IReadOnlyList<ResolvedPackage> Read(string path)
    {
        using var file = File.OpenRead(path);
        using var document = JsonDocument.Parse(file);
        var packages = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);

        // One part for the framework, and one for the runtime identifier with what is different there.
        foreach (var part in document.RootElement.GetProperty("dependencies").EnumerateObject())
        {
            foreach (var package in part.Value.EnumerateObject())
            {
                packages[package.Name] = package.Value.GetProperty("resolved").GetString()!;
            }
        }

        return [.. packages.Select(package => new ResolvedPackage(package.Key, package.Value))];
    }
}
