using System.Collections.Concurrent;
using System.Reflection;

namespace FalServerless.Serialization.Types;

/// <summary>
/// Tells the framework's types from a user's: the fields of the framework's are its own business and change between versions.
/// </summary>
internal static class FrameworkTypes
{
    // A self-contained program has its own assemblies beside the core library: the framework's carry its keys besides.
    private static readonly string[] Keys =
    [
        "7cec85d7bea7798e",
        "b03f5f7f11d50a3a",
        "b77a5c561934e089",
        "cc7b13ffcd2ddd51",
        "31bf3856ad364e35",
        "adb9793829ddae60",
    ];

    private static readonly string CoreFolder = Path.GetDirectoryName(typeof(object).Assembly.Location) ?? "";

    // dotnet/shared: the other shared frameworks (ASP.NET Core) are beside the core one's folder.
    private static readonly string SharedFolder = Path.GetDirectoryName(Path.GetDirectoryName(CoreFolder)) ?? "";

    private static readonly ConcurrentDictionary<Assembly, bool> Known = new();

    public static bool Contains(Type type) => Known.GetOrAdd(type.Assembly, IsFramework);

    private static bool IsFramework(Assembly assembly)
    {
        if (assembly == typeof(object).Assembly)
        {
            return true;
        }

        if (
            assembly.IsDynamic
            || assembly.Location.Length == 0
            || !Keys.Contains(Convert.ToHexStringLower(assembly.GetName().GetPublicKeyToken() ?? []))
        )
        {
            return false;
        }

        var folder = Path.GetDirectoryName(assembly.Location)!;
        return folder == CoreFolder
            || (
                Path.GetFileName(SharedFolder) == "shared"
                && folder.StartsWith(SharedFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            );
    }
}
