using System.Reflection;
using System.Runtime.CompilerServices;
using FalServerless.Serialization.Types;

namespace FalServerless.Serialization.Methods;

/// <summary>Which methods another process can find and run.</summary>
internal static class MethodPortability
{
    private static readonly ConditionalWeakTable<MethodInfo, Tuple<CodeRefusal?>> Verdicts = [];

    /// <summary>
    /// Whether every worker has the method's assembly, perhaps in another patch: then names identify it, else its place in the file.
    /// </summary>
    public static bool IsShared(MethodInfo method) =>
        method.DeclaringType is { } type && (SharedAssemblies.Contains(type.Assembly) || FrameworkTypes.Contains(type));

    public static bool HasFileOfItsOwn(MethodInfo method) =>
        method.DeclaringType is { Assembly: { IsDynamic: false, Location.Length: > 0 } } && !IsShared(method);

    /// <summary>Why the method cannot be sent; null if it can.</summary>
    public static CodeRefusal? Refuse(MethodInfo method) =>
        method.DeclaringType is { Assembly: var assembly } && HotReload.Refuse(assembly) is { } changed
            ? changed
            : Verdicts.GetValue(method, static method => new(Judge(method))).Item1;

    private static CodeRefusal? Judge(MethodInfo method) =>
        method.DeclaringType is null
            ? new(
                "its code was made at run time (a DynamicMethod, or an expression that was compiled)",
                "Pass the expression itself to Isolated.Create, or write the code as a method"
            )
        : IsShared(method) ? null
        : RefuseAssembly(method.DeclaringType.Assembly) ?? RefuseBody(method) ?? RefuseFile(method.Module);

    private static CodeRefusal? RefuseAssembly(Assembly assembly) =>
        assembly.IsDynamic || assembly.Location.Length == 0
            ? new(
                $"its assembly '{NameOf(assembly)}' exists only in this process's memory: it was made at run time, loaded from bytes, "
                    + $"or is part of a single-file program",
                "Put the code into an ordinary assembly, or publish without single file"
            )
            : null;

    private static CodeRefusal? RefuseBody(MethodInfo method)
    {
        const MethodImplAttributes NotIl = MethodImplAttributes.CodeTypeMask | MethodImplAttributes.InternalCall;

        // The runtime itself is the code of a delegate's Invoke, in every process.
        return method.IsAbstract
                ? new($"the method {NameOf(method)} is abstract, and has no code of its own", "Call it on an object inside the body")
            : (method.Attributes & MethodAttributes.PinvokeImpl) != 0
                ? new($"the method {NameOf(method)} is extern: its code is not IL, but in a native library", "Call it inside the body")
            : (method.MethodImplementationFlags & NotIl) != 0 && !method.DeclaringType!.IsAssignableTo(typeof(Delegate))
                ? new($"the method {NameOf(method)} is extern: its code is not IL", "Call it inside the body")
            : null;
    }

    private static CodeRefusal? RefuseFile(Module module)
    {
        try
        {
            return ModuleCode.Of(module).Version == module.ModuleVersionId
                ? null
                : new(
                    $"the file of its assembly '{NameOf(module.Assembly)}' was rebuilt since this program loaded it",
                    "Restart the program"
                );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            return new($"the file of its assembly '{NameOf(module.Assembly)}' is gone or cannot be read", "Keep it beside the program");
        }
    }

    private static string? NameOf(Assembly assembly) => assembly.GetName().Name;

    private static string NameOf(MethodInfo method) => $"'{method.DeclaringType!.Name}.{method.Name}'";
}
