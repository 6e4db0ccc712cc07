namespace FalServerless.Capture;

/// <summary>Declared types that do not tell which assemblies their values come from.</summary>
internal static class OpenTypes
{
    public static bool Includes(Type type) =>
        type == typeof(object) || type == typeof(Type) || type.IsInterface || type.IsAbstract
        || (type.HasElementType && Includes(type.GetElementType()!))
        || Array.Exists(type.GetGenericArguments(), Includes);
}
