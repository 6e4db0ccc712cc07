using System.Buffers;
using System.Linq.Expressions;
using FalServerless.Protocol;
using FalServerless.Serialization.Expressions;
using FalServerless.Serialization.Values;

namespace FalServerless.Capture;

/// <summary>Turns a lambda into a function that can travel. Nothing of the user's code runs.</summary>
internal static class FunctionCapture
{
    /// <exception cref="CaptureException">The body, an input's type, a captured variable's type or the result's type cannot travel.</exception>
    public static CapturedFunction Capture(LambdaExpression lambda)
    {
        var hoisted = Hoist(lambda);
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
        var body = new ArrayBufferWriter<byte>();
        Write(body, hoisted.Lambda);
        var roots = BodyAssemblies.Of(hoisted.Lambda);
        return new(
            () => new FunctionCode(BodyKind.Expression, body.WrittenMemory, AssemblyClosure.Of(roots)),
            inputs,
            hoisted.Captured,
            lambda.ReturnType);
    }

    private static HoistedLambda Hoist(LambdaExpression lambda)
    {
        try
        {
            return ClosureHoister.Hoist(lambda);
        }
        catch (CannotTravelException e)
        {
            throw CaptureWords.OfBody(e);
        }
    }

    private static void Write(IBufferWriter<byte> output, LambdaExpression lambda)
    {
        try
        {
            ExpressionWriter.Write(output, lambda);
        }
        catch (CannotTravelException e)
        {
            throw CaptureWords.OfBody(e);
        }
        catch (ArgumentException e)
        {
            throw new CaptureException($"The body cannot travel: {e.Message}", null, e);
        }
    }
}
