using System.Reflection;
using System.Runtime.Serialization;
using FalServerless.Serialization.Types;

namespace FalServerless.Serialization.Values;

/// <summary>What of a type's serialization contract is the user's own, and how its code is called.</summary>
internal static class UserContract
{
    // The only way to say what serializers have always said; obsolete with the formatters that it was made for, which are not used here.
#pragma warning disable SYSLIB0050
    public static object Context { get; } = new StreamingContext(StreamingContextStates.All);
#pragma warning restore SYSLIB0050

    /// <summary>Whether the user's code implements the interface, and not a base class of the framework.</summary>
    public static bool Implements(Type type, Type contract) =>
        type.IsAssignableTo(contract)
        && Array.Exists(type.GetInterfaceMap(contract).TargetMethods, method => !FrameworkTypes.Contains(method.DeclaringType!));

    /// <summary>The constructor that rebuilds an <see cref="ISerializable"/> object; null where the type has none of its own.</summary>
    public static ConstructorInfo? ConstructorOf(Type type) =>
        type.IsAssignableTo(typeof(ISerializable))
            ? type.GetConstructor(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic,
                [typeof(SerializationInfo), typeof(StreamingContext)]
            )
            : null;

    /// <summary>Calls a method of the user's while one of its objects is written.</summary>
    public static void Writing(Type type, string method, Action call)
    {
        try
        {
            call();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new NotSendableException(
                type,
                $"its method '{method}' threw '{e.GetType()}': {e.Message.TrimEnd('.')}",
                "Mend that method, or pass the data that the object was made from"
            );
        }
    }

    /// <summary>Calls a method of the user's while one of its objects is read.</summary>
    public static void Reading(Type type, string method, Action call)
    {
        try
        {
            call();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new ProtocolException(
                $"The method '{method}' of the type '{type}' threw '{e.GetType()}' while an object was read: {e.Message}",
                e
            );
        }
    }
}
