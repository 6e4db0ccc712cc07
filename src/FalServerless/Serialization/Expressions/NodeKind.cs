namespace FalServerless.Serialization.Expressions;

/// <summary>
/// The first item of a node is its <see cref="System.Linq.Expressions.ExpressionType"/>, whose numbers the framework never changes.
/// These are for what it leaves open. The numbers are part of the protocol.
/// </summary>
internal static class NodeKind
{
    /// <summary>MemberAccess of a field; MemberAccess itself is that of a property.</summary>
    public const int Field = 100;

    /// <summary>Equal on references without the operator that <c>Expression.Equal</c> would look up.</summary>
    public const int ReferenceEqual = 101;

    /// <summary>NotEqual on references without the operator that <c>Expression.NotEqual</c> would look up.</summary>
    public const int ReferenceNotEqual = 102;
}
