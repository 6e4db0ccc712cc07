using System.Collections.Concurrent;
using System.Reflection;

namespace FalServerless.Serialization.Types;

/// <summary>
/// The assemblies beside the .NET frameworks that every worker has by itself and shares with the code it runs: this library,
/// and what its public types are made of.
/// </summary>
internal static class SharedAssemblies
{
    private static readonly string[] Names =
    [
        typeof(SharedAssemblies).Assembly.GetName().Name!,
        "Microsoft.Extensions.Logging.Abstractions",
        "Microsoft.Extensions.DependencyInjection.Abstractions",
    ];

    private static readonly ConcurrentDictionary<Assembly, bool> Known = new();

    public static bool Contains(string? name) => Array.IndexOf(Names, name) >= 0;

    public static bool Contains(Assembly assembly) => Known.GetOrAdd(assembly, static assembly => Contains(assembly.GetName().Name));
}
