using System.Collections.Frozen;
using System.Reflection;

namespace FalServerless.Worker.Functions;

/// <summary>
/// The files of an environment's packages: assemblies and native libraries beside each other, and a folder for each culture.
/// </summary>
internal sealed class EnvironmentFiles(string folder)
{
    private readonly FrozenDictionary<string, string> _assemblies = Directory
        .EnumerateFiles(folder, "*.dll")
        .ToFrozenDictionary(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase);

    public bool Has(string name) => _assemblies.ContainsKey(name);

    /// <summary>The assembly's path, found by its name and culture; null where there is none.</summary>
    public string? Assembly(AssemblyName name) =>
        string.IsNullOrEmpty(name.CultureName) ? _assemblies.GetValueOrDefault(name.Name!)
        : Path.Combine(folder, name.CultureName, name.Name + ".dll") is var path && File.Exists(path) ? path
        : null;

    /// <summary>A native library's path; null where there is none.</summary>
    public string? Library(string name) => NativeFile.Find(folder, name);
}
