using System.Linq.Expressions;

namespace FalServerless.Serialization.Closures;

/// <summary>A lambda whose captured variables are parameters, behind the user's own and in the order of <paramref name="Captured"/>.</summary>
internal sealed record HoistedLambda(LambdaExpression Lambda, IReadOnlyList<CapturedVariable> Captured);
