using System.Linq.Expressions;

namespace FalServerless.Serialization.Closures;

/// <summary>
/// A tree as a value: a lambda that is code alone, whose parameters are the tree's own (if it is a lambda), then the variables that nothing
/// in the tree declares, then those that represent data.
/// </summary>
/// <param name="Lambda">The tree, or a lambda around it.</param>
/// <param name="Free">What nothing in the tree declares.</param>
/// <param name="Captured">The data, as they are now.</param>
internal sealed record TreeParts(LambdaExpression Lambda, IReadOnlyList<ParameterExpression> Free, IReadOnlyList<CapturedVariable> Captured)
{
    /// <exception cref="Expressions.ExpressionNotSendableException">The tree holds something that means nothing outside this
    /// process.</exception>
    public static TreeParts Of(Expression tree)
    {
        var free = FreeVariables.Of(tree);
        var hoisted = ClosureHoister.Hoist(tree as LambdaExpression is { } lambda && free.Count == 0 ? lambda : Around(tree, free));
        return new(hoisted.ToLambda(), free, hoisted.Captured);
    }

    private static LambdaExpression Around(Expression tree, IReadOnlyList<ParameterExpression> free)
    {
        var lambda = tree as LambdaExpression;
        ParameterExpression[] parameters = [.. lambda?.Parameters ?? [], .. free];
        var type = Expression.GetDelegateType([
            .. parameters.Select(parameter => parameter.IsByRef ? parameter.Type.MakeByRefType() : parameter.Type),
            lambda?.ReturnType ?? tree.Type,
        ]);
        return Expression.Lambda(type, lambda?.Body ?? tree, lambda?.Name, lambda?.TailCall ?? false, parameters);
    }
}
