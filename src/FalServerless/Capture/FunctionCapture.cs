using System.Buffers;
using System.Linq.Expressions;
using System.Reflection;
using FalServerless.Protocol;
using FalServerless.Serialization.Expressions;

namespace FalServerless.Capture;

/// <summary>Turns a lambda into a function that can travel. Nothing of the user's code runs.</summary>
internal static class FunctionCapture
{
    /// <exception cref="CaptureException">The body, an input's type, a captured variable's type or the result's type cannot travel.</exception>
    public static CapturedFunction Capture(LambdaExpression lambda)
    {
        var hoisted = Refusing(() => ClosureHoister.Hoist(lambda));
        var inputs = lambda.Parameters.Select((parameter, index) => (Name: parameter.Name ?? $"input {index + 1}", parameter.Type)).ToArray();
        foreach (var (name, type) in inputs)
        {
            CaptureGuard.CheckType(type, $"input '{name}'", name);
        }

        foreach (var variable in hoisted.Captured)
        {
            CaptureGuard.CheckType(variable.Type, $"captured variable '{variable.Name}'", variable.Name);
        }

        CaptureGuard.CheckResult(lambda.ReturnType);
        var body = Refusing(() => Write(hoisted.Lambda));

        var isOpen = hoisted.Lambda.Parameters.Select(parameter => parameter.Type).Append(lambda.ReturnType).Any(OpenTypes.Includes);
        var roots = isOpen ? OpenRoots(lambda) : BodyAssemblies.Of(hoisted.Lambda);
        return new(
            () => new FunctionCode(BodyKind.Expression, body, AssemblyClosure.Of(roots)),
            inputs,
            hoisted.Captured,
            lambda.ReturnType);
    }

    // To be replaced as a whole by delegate capture.
    public static CapturedFunction Capture(Delegate body, bool takesContext)
    {
        var inputs = body.Method.GetParameters().Skip(takesContext ? 1 : 0).Select((parameter, index) => (parameter.Name ?? $"input {index + 1}", parameter.ParameterType));
        return new(() => throw new CaptureException("Delegates cannot be captured yet."), [.. inputs], [], body.Method.ReturnType);
    }

    // What an open type holds is known at the call only, but comes from where the lambda was written, which its closure tells if it has one,
    // from the program itself, or from what these refer to.
    private static IReadOnlyCollection<Assembly> OpenRoots(LambdaExpression lambda)
    {
        var named = BodyAssemblies.Of(lambda);
        return Assembly.GetEntryAssembly() is { IsDynamic: false, Location.Length: > 0 } program ? [.. named, program] : named;
    }

    private static ReadOnlyMemory<byte> Write(LambdaExpression lambda)
    {
        var body = new ArrayBufferWriter<byte>();
        ExpressionWriter.Write(body, lambda);
        return body.WrittenMemory;
    }

    private static T Refusing<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (ExpressionCannotTravelException e)
        {
            throw new CaptureException($"The body cannot travel: {e.Message}", null, e);
        }
    }
}
