using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;

namespace FalServerless.Capture;

/// <summary>Declared types that do not tell which assemblies their values come from.</summary>
internal static class OpenTypes
{
    private static readonly ConcurrentDictionary<Type, bool> Holders = new();

    public static bool Includes(Type type) =>
        type == typeof(object)
        || type == typeof(Type)
        || type.IsInterface
        || type.IsAbstract
        || IsCode(type)
        || (type.HasElementType && Includes(type.GetElementType()!))
        || Array.Exists(type.GetGenericArguments(), Includes)
        || Holders.GetOrAdd(type, static type => HoldsCode(type, []));

    /// <summary>
    /// What an open type holds is known at the call only, but comes from where the code was written, from the program itself, or from what
    /// these refer to.
    /// </summary>
    public static IReadOnlyCollection<Assembly> WithProgram(IReadOnlyCollection<Assembly> named) =>
        Assembly.GetEntryAssembly() is { IsDynamic: false, Location.Length: > 0 } program ? [.. named, program] : named;

    private static bool IsCode(Type type) =>
        type.IsAssignableTo(typeof(Delegate)) || type.IsAssignableTo(typeof(ICachedFunction)) || type.IsAssignableTo(typeof(Expression));

    // A field of a user's class: its code was given by the object's creator and may come from anywhere.
    private static bool HoldsCode(Type type, HashSet<Type> seen)
    {
        while (type.HasElementType)
        {
            type = type.GetElementType()!;
        }

        if (IsCode(type))
        {
            return true;
        }

        if (type.IsPrimitive || type.IsEnum || type.IsPointer || !seen.Add(type))
        {
            return false;
        }

        try
        {
            return FrameworkTypes.Contains(type)
                ? Array.Exists(type.GetGenericArguments(), argument => HoldsCode(argument, seen))
                : FieldsOf(type).Any(field => HoldsCode(field.FieldType, seen));
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or TypeLoadException)
        {
            // A type of a package that is not here: no value of it can be either.
            return false;
        }
    }

    private static IEnumerable<FieldInfo> FieldsOf(Type? type)
    {
        for (; type is not null && type != typeof(object) && !FrameworkTypes.Contains(type); type = type.BaseType)
        {
            foreach (
                var field in type.GetFields(
                    BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly
                )
            )
            {
                yield return field;
            }
        }
    }
}
