using System.Reflection;
using System.Runtime.CompilerServices;
using FalServerless.Serialization.Types;

namespace FalServerless.Capture.Fields;

/// <summary>
/// Methods of the framework that may be given the object, a closure or a delegate over it: they run the code or keep it to themselves, and
/// no code of a user's gets to it by them.
/// </summary>
internal static class KnownCalls
{
    private static readonly Type[] Builders =
    [
        typeof(AsyncTaskMethodBuilder),
        typeof(AsyncTaskMethodBuilder<>),
        typeof(AsyncValueTaskMethodBuilder),
        typeof(AsyncValueTaskMethodBuilder<>),
        typeof(AsyncVoidMethodBuilder),
    ];

    /// <summary>Whether a delegate runs, whose code has been followed.</summary>
    public static bool IsInvoke(MethodBase method, Taint[] arguments) =>
        method.Name == "Invoke"
        && method.DeclaringType!.IsAssignableTo(typeof(Delegate))
        && arguments[0] == Taint.Delegate
        && arguments.Skip(1).All(IsNone);

    /// <summary>Whether the method returns the class of the object and nothing else of it.</summary>
    public static bool IsGetType(MethodBase method, Taint[] arguments) =>
        method.Name == nameof(GetType) && method.DeclaringType == typeof(object) && arguments is [Taint.This];

    /// <summary>The state machine that the method runs or lets go on; null for other methods.</summary>
    public static Type? StateMachineOf(MethodBase method, Taint[] arguments)
    {
        if (!Builders.Contains(Definition(method.DeclaringType!)) || method is not MethodInfo { IsGenericMethod: true })
        {
            return null;
        }

        // An awaiter of a user's is given a delegate that leads to the state machine.
        return (method.Name, method.GetGenericArguments(), arguments) switch
        {
            ("Start", [var machine], [Taint.None, Taint.Holder]) => machine,
            ("AwaitUnsafeOnCompleted" or "AwaitOnCompleted", [var awaiter, var machine], [Taint.None, Taint.None, Taint.Holder])
                when FrameworkTypes.Contains(awaiter) => machine,
            _ => null,
        };
    }

    /// <summary>
    /// Whether the method takes the delegates among its arguments as code to run. Not so where a parameter is of a type that the caller
    /// chooses, as then a delegate is an item like any other.
    /// </summary>
    public static bool OnlyRuns(MethodBase method, Taint[] arguments)
    {
        if (!Runs(method) || method is not MethodInfo info)
        {
            return false;
        }

        var offset = method.IsStatic ? 0 : 1;
        var definition = (MethodInfo)method.Module.ResolveMethod(info.MetadataToken)!;
        var parameters = definition.GetParameters();
        return arguments
            .Index()
            .All(argument =>
                argument.Item == Taint.None
                || (
                    argument.Item == Taint.Delegate
                    && argument.Index >= offset
                    && parameters[argument.Index - offset].ParameterType.IsAssignableTo(typeof(MulticastDelegate))
                )
            );
    }

    // ThenBy hands its delegate to the sequence, whose class may be a user's.
    private static bool Runs(MethodBase method)
    {
        var declaring = Definition(method.DeclaringType!);
        return (declaring == typeof(Enumerable) && !method.Name.StartsWith(nameof(Enumerable.ThenBy), StringComparison.Ordinal))
            || declaring == typeof(List<>)
            || declaring == typeof(Array)
            || (declaring == typeof(Task) && method.Name == nameof(Task.Run));
    }

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static bool IsNone(Taint taint) => taint == Taint.None;
}
