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

    public static bool Contains(string? name) => Array.IndexOf(Names, name) >= 0;
}
