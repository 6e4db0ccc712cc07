using System.Reflection;
using System.Runtime.CompilerServices;

namespace FalServerless.Serialization.Values;

/// <summary>What an exception holds beyond what <see cref="Exception"/> shows.</summary>
internal static class ExceptionFields
{
    /// <summary>In the place of a field's name: where the exception was thrown.</summary>
    public const string SourceName = "Exception.Source";

    /// <summary>Before the name of a field that holds an inner exception; its value is the place among them.</summary>
    public const char InnerMark = '&';

    /// <summary>
    /// The message that was given to the constructor: <see cref="Exception.Message"/> may add to it, as ArgumentException does.
    /// </summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    public static extern ref string? Message(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_source")]
    public static extern ref string? Source(Exception exception);

    /// <summary>The fields of the classes between <see cref="Exception"/> and the type, without those that hold inner exceptions.</summary>
    public static IEnumerable<FieldInfo> OwnFields(Type type)
    {
        for (var declaring = type; declaring is not null && declaring != typeof(Exception); declaring = declaring.BaseType)
        {
            foreach (
                var field in declaring.GetFields(
                    BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly
                )
            )
            {
                if (declaring != typeof(AggregateException))
                {
                    yield return field;
                }
            }
        }
    }

    /// <summary>Of two with one name, the field of the derived class.</summary>
    public static Dictionary<string, FieldInfo> ByName(Type type)
    {
        var fields = new Dictionary<string, FieldInfo>();
        foreach (var field in OwnFields(type))
        {
            fields.TryAdd(NameOf(field), field);
        }

        return fields;
    }

    public static string NameOf(FieldInfo field) => $"{field.DeclaringType!.Namespace}.{field.DeclaringType.Name}.{field.Name}";
}
