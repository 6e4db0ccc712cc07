using System.Linq.Expressions;

namespace FalServerless.Serialization.Expressions;

/// <summary>
/// Turns a lambda of any shape into the one that a worker calls: arguments in an array, result boxed, null where there is none.
/// </summary>
internal static class BodyCompiler
{
    public static Func<object?[], object?> Compile(LambdaExpression lambda)
    {
        var arguments = Expression.Parameter(typeof(object[]), "arguments");

        // The compiler inlines a lambda that is invoked where it is written: its parameters become local variables.
        var call = Expression.Invoke(
            lambda,
            lambda.Parameters.Select(
                (parameter, index) => Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(index)), parameter.Type)
            )
        );
        Expression result =
            lambda.ReturnType == typeof(void)
                ? Expression.Block(call, Expression.Constant(null))
                : Expression.Convert(call, typeof(object));

        // The interpreter cannot hold spans, and C# 14 binds array.Contains(x) to one.
        return Expression.Lambda<Func<object?[], object?>>(result, arguments).Compile(preferInterpretation: false);
    }
}
