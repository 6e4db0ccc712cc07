using System.Reflection;

namespace FalServerless.Capture;

/// <summary>Declared types that do not tell which assemblies their values come from.</summary>
internal static class OpenTypes
{
    public static bool Includes(Type type) =>
        type == typeof(object) || type == typeof(Type) || type.IsInterface || type.IsAbstract || type.IsAssignableTo(typeof(Delegate))
        || (type.HasElementType && Includes(type.GetElementType()!))
        || Array.Exists(type.GetGenericArguments(), Includes);

    /// <summary>
    /// What an open type holds is known at the call only, but comes from where the code was written, from the program itself, or from what
    /// these refer to.
    /// </summary>
    public static IReadOnlyCollection<Assembly> WithProgram(IReadOnlyCollection<Assembly> named) =>
        Assembly.GetEntryAssembly() is { IsDynamic: false, Location.Length: > 0 } program ? [.. named, program] : named;
}
