using System.Reflection;
using System.Runtime.CompilerServices;

namespace FalServerless.Serialization;

/// <summary>What an exception holds beyond what <see cref="Exception"/> shows.</summary>
internal static class ExceptionFields
{
    /// <summary>The message that was given to the constructor: <see cref="Exception.Message"/> may add to it, as ArgumentException does.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    public static extern ref string? Message(Exception exception);

    /// <summary>The fields of the classes between <see cref="Exception"/> and the type, without those that hold inner exceptions.</summary>
    public static IEnumerable<FieldInfo> OwnFields(Type type)
    {
        for (var declaring = type; declaring is not null && declaring != typeof(Exception); declaring = declaring.BaseType)
        {
            foreach (var field in declaring.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (declaring != typeof(AggregateException))
                {
                    yield return field;
                }
            }
        }
    }

    public static string NameOf(FieldInfo field) => $"{field.DeclaringType!.Name}.{field.Name}";
}
