using System.Buffers;
using System.Linq.Expressions;
using FalServerless.Serialization.Closures;
using FalServerless.Serialization.Expressions;
using FalServerless.Serialization.Types;

namespace FalServerless.UnitTests.Serialization.Expressions;

/// <summary>A lambda's way to a worker, without the worker.</summary>
internal static class Travelled
{
    public static byte[] Bytes(LambdaExpression lambda)
    {
        var output = new ArrayBufferWriter<byte>();
        ExpressionWriter.Write(output, lambda);
        return output.WrittenSpan.ToArray();
    }

    public static LambdaExpression Back(byte[] bytes) => ExpressionReader.Read(new ReadOnlySequence<byte>(bytes), TypeNames.OfThisProcess);

    public static LambdaExpression There(LambdaExpression lambda) => Back(Bytes(lambda));

    /// <summary>Hoists, writes, reads, compiles and calls, as a call on a worker does.</summary>
    public static object? Invoke(LambdaExpression lambda, params object?[] arguments)
    {
        var hoisted = ClosureHoister.Hoist(lambda);
        object?[] inputs = [.. arguments, .. hoisted.Captured.Select(captured => captured.Read())];
        return BodyCompiler.Compile(There(hoisted.ToLambda()))(inputs);
    }
}
