using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using FalServerless.Serialization.Methods;

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
        foreach (var type in updatedTypes ?? [])
        {
            Changed[type.Assembly] = true;
            _isAnythingChanged = true;
        }
    }

    public static bool HasChanged(Assembly assembly) => _isAnythingChanged && Changed.ContainsKey(assembly);

    /// <summary>For tests, which reload nothing for good.</summary>
    internal static void Forget(Assembly assembly) => Changed.TryRemove(assembly, out _);
}
