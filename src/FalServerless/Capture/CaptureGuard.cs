using System.Reflection;
using System.Runtime.CompilerServices;
using FalServerless.Serialization.Closures;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Results;
using FalServerless.Serialization.Values;

namespace FalServerless.Capture;

/// <summary>Refuses at the earliest point what can never be sent.</summary>
internal static class CaptureGuard
{
    /// <summary>
    /// Whether this program's code is in assemblies. The switch alone says nothing: the SDK sets it for every program that could be
    /// published ahead of time, file-based ones too, and these run under the JIT, which does not start without a list of assemblies.
    /// </summary>
    public static bool HasAssemblies { get; } =
        RuntimeFeature.IsDynamicCodeSupported || AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is not null;

    /// <param name="type">The declared type.</param>
    /// <param name="what">What holds it: <c>captured variable 'client'</c>.</param>
    /// <param name="name">Its name, the first part of the path.</param>
    /// <param name="isResult">Whether it is sent back.</param>
    /// <exception cref="CaptureException">No value of the type could be sent.</exception>
    public static void CheckType(Type type, string what, string name, bool isResult = false)
    {
        try
        {
            ValueSerializer.EnsureCanBeSent(type, isResult);
        }
        catch (NotSendableException e)
        {
            throw CaptureErrors.Of(what, name, e);
        }
    }

    /// <summary>Checks what a captured variable is declared as; of a closure, the variables in it that the code uses.</summary>
    /// <exception cref="CaptureException">No value of the type could be sent.</exception>
    public static void CheckVariable(CapturedVariable variable, ClosureFieldUsage use)
    {
        if (!variable.IsClosure)
        {
            CheckType(variable.Type, $"captured variable '{variable.Name}'", variable.Name);
            return;
        }

        foreach (var field in FieldsOf(variable.Type, use))
        {
            var name = ClosureNames.Variable(field);
            CheckType(field.FieldType, $"captured variable '{name}'", name);
        }
    }

    /// <summary>The fields of a closure that the code uses, and of the closures around it, which are not fields of the source.</summary>
    public static IEnumerable<FieldInfo> FieldsOf(Type closure, ClosureFieldUsage use)
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        foreach (var field in closure.GetFields(All).Where(use.Includes))
        {
            // Each closure holds the one around it, never itself.
            foreach (var found in ClosureNames.IsClosure(field.FieldType) ? FieldsOf(field.FieldType, use) : [field])
            {
                yield return found;
            }
        }
    }

    /// <exception cref="CaptureException">No result of the type could be sent.</exception>
    public static void CheckResult(Type type)
    {
        var value = ResultShape.Of(type).Value;
        if (value != typeof(void))
        {
            CheckType(value, "result", "result", isResult: true);
        }
    }

    /// <exception cref="CaptureException">A worker could not find the method or would not run the same code.</exception>
    public static void CheckMethod(MethodInfo method)
    {
        if (MethodPortability.Refuse(method) is { } refusal)
        {
            throw CaptureErrors.OfBody(refusal);
        }
    }

    /// <exception cref="CaptureException">Hot reload has changed an assembly whose methods the body calls.</exception>
    public static void CheckReloaded(IEnumerable<Assembly> assemblies)
    {
        if (assemblies.Select(HotReload.Refuse).FirstOrDefault(refusal => refusal is not null) is { } refusal)
        {
            throw CaptureErrors.OfBody(refusal);
        }
    }

    /// <exception cref="CaptureException">The program has no assemblies.</exception>
    public static void CheckProgram(bool hasAssemblies)
    {
        if (!hasAssemblies)
        {
            throw CaptureErrors.OfBody(
                new(
                    "this program is compiled ahead of time (NativeAOT), so that its code is in no assembly that a worker could load",
                    "Publish it without PublishAot"
                )
            );
        }
    }
}
