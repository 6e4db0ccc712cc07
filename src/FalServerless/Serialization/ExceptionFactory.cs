using System.Reflection;
using System.Runtime.CompilerServices;

namespace FalServerless.Serialization;

/// <summary>Makes an exception of a type that is known by name only.</summary>
internal static class ExceptionFactory
{
    private const BindingFlags Constructors = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>
    /// By the constructor with message and inner exception where there is one, else with the message, else without a constructor:
    /// the fields are restored afterwards anyway. Null where none of them works.
    /// </summary>
    public static Exception? TryCreate(Type type, string message, string? ownMessage, Exception[] inner)
    {
        try
        {
            var exception = Create(type, ownMessage ?? message, inner);

            // Some constructors give their string another meaning, such as the parameter's name.
            ExceptionFields.Message(exception) = ownMessage;
            return exception;
        }
        catch (Exception e) when (e is TargetInvocationException or MemberAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static Exception Create(Type type, string message, Exception[] inner)
    {
        if (type == typeof(AggregateException))
        {
            return new AggregateException(message, inner);
        }

        var first = inner.Length > 0 ? inner[0] : null;
        if (type.GetConstructor(Constructors, [typeof(string), typeof(Exception)]) is { } withInner)
        {
            return (Exception)withInner.Invoke([message, first]);
        }

        var exception = (Exception)(type.GetConstructor(Constructors, [typeof(string)])?.Invoke([message]) ?? RuntimeHelpers.GetUninitializedObject(type));
        if (first is not null)
        {
            InnerException(exception) = first;
        }

        return exception;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    private static extern ref Exception? InnerException(Exception exception);
}
