using System.Reflection;
using FalServerless.Serialization.Methods;

namespace FalServerless.Capture;

/// <summary>The assemblies that a body's method, its type arguments, its inputs and what it captures name.</summary>
internal static class DelegateAssemblies
{
    public static IReadOnlyCollection<Assembly> Of(Type type, IReadOnlyList<BodyCall> calls, ClosureFieldUsage use)
    {
        var named = new TypeAssemblies();
        named.Add(type);
        var invoke = type.GetMethod("Invoke")!;
        Type[] slots = [invoke.ReturnType, .. invoke.GetParameters().Select(parameter => parameter.ParameterType)];
        var isOpen = Array.Exists(slots, OpenTypes.Includes);
        Array.ForEach(slots, named.Add);
        foreach (var call in calls)
        {
            named.Add(call.Method);
            if (call is { Target: { } target, IsMadeThere: false })
            {
                isOpen |= IsOpen(target, use);
                AddTarget(target, use, named);
            }
        }

        return isOpen ? OpenTypes.WithProgram(named.Found) : named.Found;
    }

    // What an object of a class of the user's holds in its fields is known at the call only.
    private static bool IsOpen(Type target, ClosureFieldUsage use) =>
        ClosureNames.IsClosure(target)
            ? CaptureGuard.FieldsOf(target, use).Any(field => OpenTypes.Includes(field.FieldType) || ClosureNames.IsThis(field))
            : !AssemblyFile.IsShared(target.Assembly) || OpenTypes.Includes(target);

    private static void AddTarget(Type target, ClosureFieldUsage use, TypeAssemblies named)
    {
        named.Add(target);
        if (ClosureNames.IsClosure(target))
        {
            foreach (var field in CaptureGuard.FieldsOf(target, use))
            {
                named.Add(field.FieldType);
            }
        }
    }
}
