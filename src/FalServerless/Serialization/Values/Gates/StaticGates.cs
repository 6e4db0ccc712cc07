using System.Reflection;
using FalServerless.Serialization.Types;

namespace FalServerless.Serialization.Values;

/// <summary>
/// The <c>static readonly object</c> fields of a user's type, of its base classes and of the types around it. Code compares with such
/// objects (<c>_value != Missing</c>): one that its own type leads to is known by its field.
/// </summary>
internal sealed class StaticGates
{
    private const BindingFlags Statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly FieldInfo[] _fields;

    private StaticGates(FieldInfo[] fields) => _fields = fields;

    /// <summary>Those of a type; null where there are none.</summary>
    public static StaticGates? Find(Type type)
    {
        var fields = Around(type)
            .SelectMany(known => known.GetFields(Statics))
            .Where(field =>
                field.IsInitOnly && field.FieldType == typeof(object) && !field.IsDefined(typeof(ThreadStaticAttribute), inherit: false)
            )
            .ToArray();
        return fields.Length == 0 ? null : new(fields);
    }

    /// <summary>The field that holds this very object; null where none does.</summary>
    public FieldInfo? FieldOf(object gate) => Array.Find(_fields, field => ReferenceEquals(ValueOf(field), gate));

    /// <summary>The object of a field; null where that is none of these fields, or holds another kind of object.</summary>
    public object? Get(Type declaring, string name) =>
        Array.Find(_fields, field => field.DeclaringType == declaring && field.Name == name) is { } field
        && ValueOf(field) is { } value
        && value.GetType() == typeof(object)
            ? value
            : null;

    private static IEnumerable<Type> Around(Type type)
    {
        for (var level = type; level is not null && !FrameworkTypes.Contains(level); level = level.BaseType)
        {
            for (var outer = level; outer is not null; outer = Outer(outer))
            {
                yield return outer;
            }
        }
    }

    // The type around a generic one has the first of its type arguments.
    private static Type? Outer(Type type) =>
        type.DeclaringType is { IsGenericTypeDefinition: true } open
            ? open.MakeGenericType(type.GetGenericArguments()[..open.GetGenericArguments().Length])
            : type.DeclaringType;

    private static object? ValueOf(FieldInfo field)
    {
        try
        {
            return field.GetValue(null);
        }
        catch (Exception e) when (e is TypeInitializationException or TargetInvocationException)
        {
            return null;
        }
    }
}
