using System.Buffers;
using System.Linq.Expressions;
using System.Reflection;
using FalServerless.Protocol;
using FalServerless.Serialization.Closures;
using FalServerless.Serialization.Expressions;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Types;

namespace FalServerless.Capture;

/// <summary>Turns a lambda into a function that can be sent. Nothing of the user's code runs.</summary>
internal static class FunctionCapture
{
    /// <exception cref="CaptureException">The body, an input's type, a captured variable's type or the result's type cannot be
    /// sent.</exception>
    public static CapturedFunction Capture(LambdaExpression lambda)
    {
        CaptureGuard.CheckProgram(CaptureGuard.HasAssemblies);
        var hoisted = Refusing(() => ClosureHoister.Hoist(lambda));
        var inputs = lambda
            .Parameters.Select((parameter, index) => (Name: parameter.Name ?? $"input {index + 1}", parameter.Type))
            .ToArray();
        foreach (var (name, type) in inputs)
        {
            CaptureGuard.CheckType(type, $"input '{name}'", name);
        }

        foreach (var variable in hoisted.Captured)
        {
            CaptureGuard.CheckVariable(variable, ClosureFieldUsage.All);
        }

        CaptureGuard.CheckResult(lambda.ReturnType);
        var body = Refusing(() => Write(hoisted));

        var isOpen = hoisted.Parameters.Select(parameter => parameter.Type).Append(lambda.ReturnType).Any(OpenTypes.Includes);
        IReadOnlyCollection<Assembly> roots = isOpen
            ? OpenTypes.WithProgram(BodyAssemblies.Of(lambda.Body, lambda.Parameters, lambda.ReturnType))
            : BodyAssemblies.Of(hoisted.Body, hoisted.Parameters, lambda.ReturnType);
        roots = [.. roots, .. CachedCode.Of(hoisted.Captured, ClosureFieldUsage.All)];
        CaptureGuard.CheckReloaded(roots);

        // A tree that uses a closure as an object may read any of its fields.
        var use = hoisted.Captured.Any(variable => variable.IsClosure) ? ClosureFieldUsage.All : ClosureFieldUsage.None;
        return new(
            () => new FunctionCode(BodyKind.Expression, body, AssemblyClosure.Of(roots)),
            inputs,
            hoisted.Captured,
            lambda.ReturnType,
            use
        );
    }

    /// <param name="body">The delegate.</param>
    /// <param name="takesContext">Whether its first parameter is the context, which the worker fills in and which is no input.</param>
    /// <param name="isPruned">Whether closures are sent with the used variables alone; false shows, in tests, what was sent
    /// otherwise.</param>
    /// <exception cref="CaptureException">The code, an input's type, a captured variable's type or the result's type cannot be
    /// sent.</exception>
    public static CapturedFunction Capture(Delegate body, bool takesContext, bool isPruned = true) =>
        DelegateCapture.Capture(body, takesContext, isPruned);

    private static ReadOnlyMemory<byte> Write(HoistedLambda lambda)
    {
        var body = new ArrayBufferWriter<byte>();
        ExpressionWriter.Write(body, lambda.Source, lambda.Parameters, lambda.Body);
        return body.WrittenMemory;
    }

    private static T Refusing<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (ExpressionNotSendableException e)
        {
            throw new CaptureException($"The body cannot be sent to a worker: {e.Message}", innerException: e);
        }
        catch (UnnamedTypeException e)
        {
            throw new CaptureException(
                $"The body cannot be sent to a worker: it needs the type '{e.Type}', but {e.Reason}. {e.Suggestion}.",
                innerException: e
            );
        }
    }
}
