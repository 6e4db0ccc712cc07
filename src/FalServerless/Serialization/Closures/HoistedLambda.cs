using System.Linq.Expressions;

namespace FalServerless.Serialization.Closures;

/// <summary>
/// A lambda whose captured variables are parameters, behind the user's own and in the order of <paramref name="Captured"/>.
/// </summary>
/// <param name="Source">The lambda as it was given.</param>
/// <param name="Body">Its body, with parameters in the place of captured variables.</param>
/// <param name="Parameters">The parameters of both kinds.</param>
/// <param name="Captured">Where the variables are read.</param>
internal sealed record HoistedLambda(
    LambdaExpression Source,
    Expression Body,
    IReadOnlyList<ParameterExpression> Parameters,
    IReadOnlyList<CapturedVariable> Captured
)
{
    /// <summary>
    /// As a lambda. Past 16 parameters its delegate type is made at run time, which not every program may do: what is sent does not need
    /// it.
    /// </summary>
    public LambdaExpression ToLambda() =>
        Captured.Count == 0 && Body == Source.Body
            ? Source
            : Expression.Lambda(DelegateType(), Body, Source.Name, Source.TailCall, Parameters);

    private Type DelegateType() =>
        Expression.GetDelegateType([
            .. Parameters.Select(parameter => parameter.IsByRef ? parameter.Type.MakeByRefType() : parameter.Type),
            Source.ReturnType,
        ]);
}
