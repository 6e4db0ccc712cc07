using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Types;

[assembly: MetadataUpdateHandler(typeof(HotReload))]

namespace FalServerless.Serialization.Methods;

/// <summary>Notes what hot reload changes in the running program: the files no longer hold the code that runs.</summary>
internal static class HotReload
{
    private static readonly ConcurrentDictionary<Assembly, bool> Changed = new();

    private static volatile bool _isAnythingChanged;

    /// <summary>Called by the runtime's hot reload after each update, by this name.</summary>
    public static void UpdateApplication(Type[]? updatedTypes)
    {
        // Without a list any type may be meant.
        foreach (var assembly in updatedTypes?.Select(type => type.Assembly) ?? AppDomain.CurrentDomain.GetAssemblies().Where(IsOfProgram))
        {
            Changed[assembly] = true;
            _isAnythingChanged = true;
        }
    }

    public static bool IsAnythingChanged => _isAnythingChanged;

    public static bool HasChanged(Assembly assembly) => _isAnythingChanged && Changed.ContainsKey(assembly);

    /// <summary>Why code of an assembly of this file cannot be sent; null if it was not changed.</summary>
    public static CodeRefusal? Refuse(string path) =>
        Changed.Keys.FirstOrDefault(assembly => assembly.Location == path) is { } changed ? Refuse(changed) : null;

    /// <summary>Why code of an assembly cannot be sent; null if it was not changed.</summary>
    public static CodeRefusal? Refuse(Assembly assembly) =>
        HasChanged(assembly)
            ? new(
                $"hot reload has changed its assembly '{assembly.GetName().Name}', whose file is no longer the code that runs here",
                "Restart the program"
            )
            : null;

    private static bool IsOfProgram(Assembly assembly) =>
        assembly is { IsDynamic: false, Location.Length: > 0 } && !SharedAssemblies.Contains(assembly);

    /// <summary>For tests, which must undo what they reload.</summary>
    internal static void Forget(Assembly assembly) => Changed.TryRemove(assembly, out _);
}
