using System.Buffers;
using System.Reflection;
using FalServerless.Capture.Fields;
using FalServerless.Protocol;
using FalServerless.Serialization.Closures;
using FalServerless.Serialization.Methods;

namespace FalServerless.Capture;

/// <summary>
/// Turns a delegate into a function that can be sent: its method by its place in the assembly's file, its object as a captured variable.
/// </summary>
internal static class DelegateCapture
{
    /// <param name="body">The delegate.</param>
    /// <param name="takesContext">Whether its first parameter is the context, which the worker fills in.</param>
    /// <param name="isPruned">Whether closures are sent with the used variables alone.</param>
    /// <exception cref="CaptureException">The code, an input's type, a captured variable's type or the result's type cannot be
    /// sent.</exception>
    public static CapturedFunction Capture(Delegate body, bool takesContext, bool isPruned)
    {
        CaptureGuard.CheckProgram(CaptureGuard.HasAssemblies);
        var parts = body.GetInvocationList();
        foreach (var part in parts)
        {
            CaptureGuard.CheckMethod(part.Method);
        }

        var invoke = body.GetType().GetMethod("Invoke")!;
        var inputs = Inputs(body, invoke, takesContext);
        foreach (var (name, type) in inputs)
        {
            CaptureGuard.CheckType(type, $"input '{name}'", name);
        }

        BodyCall[] calls = [.. parts.Select(Call)];
        CapturedVariable[] captured =
        [
            .. parts
                .Zip(calls)
                .Where(part => part.Second is { Target: not null, IsMadeThere: false })
                .Select(part => Target(part.First, part.Second.Target!)),
        ];
        var use = calls.Aggregate(
            isPruned ? ClosureFieldUsage.None : ClosureFieldUsage.All,
            (use, call) => call is { Target: not null, IsMadeThere: false } ? use.With(call.Method) : use
        );
        foreach (var variable in captured)
        {
            CaptureGuard.CheckVariable(variable, use);
        }

        CaptureGuard.CheckResult(invoke.ReturnType);
        var code = Write(body.GetType(), takesContext, calls);
        Assembly[] roots = [.. DelegateAssemblies.Of(body.GetType(), calls, use), .. CachedCode.Of(captured, use)];
        return new(() => new FunctionCode(BodyKind.Delegate, code, AssemblyClosure.Of(roots)), inputs, captured, invoke.ReturnType, use)
        {
            // Of a combined delegate all is sent: its methods may share what they use.
            This = isPruned && calls is [{ Target: { } target, IsMadeThere: false } call] ? ThisUsage.Of(call.Method, target, use) : null,
        };
    }

    // The types that the delegate declares, the names of the method's own parameters.
    private static (string Name, Type Type)[] Inputs(Delegate body, MethodInfo invoke, bool takesContext)
    {
        var declared = invoke.GetParameters();
        var named = body.Method.GetParameters();
        var skipped = takesContext ? 1 : 0;
        var closed = named.Length - declared.Length;
        return
        [
            .. declared
                .Skip(skipped)
                .Select(
                    (parameter, index) => (Name(named.ElementAtOrDefault(closed + skipped + index)?.Name, index), parameter.ParameterType)
                ),
        ];
    }

    // Compilers give names that no source has to the parameters of delegate { }.
    private static string Name(string? name, int index) => string.IsNullOrEmpty(name) || name[0] == '<' ? $"input {index + 1}" : name;

    private static BodyCall Call(Delegate part)
    {
        if (!DelegateParts.IsClosed(part))
        {
            return new(part.Method, null);
        }

        // The object's own type, not the one that declares the method: it stays the same in every call.
        return new(part.Method, part.Target?.GetType() ?? DelegateBinder.TargetType(part.Method));
    }

    private static CapturedVariable Target(Delegate part, Type type) =>
        new(part.Method.IsStatic ? part.Method.GetParameters()[0].Name ?? "this" : "this", type, () => part.Target);

    private static ReadOnlyMemory<byte> Write(Type type, bool takesContext, BodyCall[] calls)
    {
        var body = new ArrayBufferWriter<byte>();
        try
        {
            DelegateBody.Write(body, type, takesContext, calls);
        }
        catch (ArgumentException e)
        {
            throw new CaptureException($"The body cannot be sent to a worker: {e.Message}", innerException: e);
        }

        return body.WrittenMemory;
    }
}
