using System.Collections.ObjectModel;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace FalServerless.Serialization.Values;

/// <summary>Makes an exception of a type that is known by name only.</summary>
internal static class ExceptionFactory
{
    private const BindingFlags Constructors = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly ConstructorInfo Base = typeof(Exception).GetConstructor(Type.EmptyTypes)!;

    /// <summary>
    /// By the constructor with message and inner exception where there is one, else with the message, else by that of
    /// <see cref="Exception"/> alone: the fields are restored afterwards anyway. Null where none of them works.
    /// </summary>
    public static Exception? TryCreate(Type type, string message, string? ownMessage, Exception[] inner)
    {
        var exception = TryConstruct(type, ownMessage ?? message, inner) ?? TryWithoutConstructor(type);
        if (exception is not null)
        {
            // Some constructors give their string another meaning, such as the parameter's name.
            ExceptionFields.Message(exception) = ownMessage;
            InnerException(exception) = inner.Length > 0 ? inner[0] : null;
            if (exception is AggregateException aggregate)
            {
                InnerExceptions(aggregate) = inner;
                InnerExceptionsView(aggregate) = null;
            }
        }

        return exception;
    }

    private static Exception? TryConstruct(Type type, string message, Exception[] inner)
    {
        try
        {
            return type.GetConstructor(Constructors, [typeof(string), typeof(Exception)]) is { } withInner
                ? (Exception)withInner.Invoke([message, inner.Length > 0 ? inner[0] : null])
                : (Exception?)type.GetConstructor(Constructors, [typeof(string)])?.Invoke([message]);
        }
        catch (Exception)
        {
            // The constructor or the type's initializer threw, or what it is declared with is not here.
            return null;
        }
    }

    // Only the part of it that is an Exception is constructed.
    private static Exception? TryWithoutConstructor(Type type)
    {
        try
        {
            var exception = (Exception)RuntimeHelpers.GetUninitializedObject(type);
            Base.Invoke(exception, null);
            return exception;
        }
        catch (Exception)
        {
            // As above.
            return null;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    private static extern ref Exception? InnerException(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerExceptions")]
    private static extern ref Exception[] InnerExceptions(AggregateException exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_rocView")]
    private static extern ref ReadOnlyCollection<Exception>? InnerExceptionsView(AggregateException exception);
}
