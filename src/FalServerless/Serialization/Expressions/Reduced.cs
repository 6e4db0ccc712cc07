using System.Linq.Expressions;

namespace FalServerless.Serialization.Expressions;

/// <summary>What becomes of nodes that System.Linq.Expressions itself does not have.</summary>
internal static class Reduced
{
    /// <exception cref="ExpressionNotSendableException">The node cannot be said in other nodes.</exception>
    public static Expression Once(Expression node)
    {
        if (node is DynamicExpression)
        {
            throw new ExpressionNotSendableException(
                "A dynamic operation cannot be sent: its binder lives in this process. Give the value a static type, or convert it first."
            );
        }

        return node.CanReduce
            ? node.ReduceAndCheck()
            : throw new ExpressionNotSendableException(
                $"The expression holds a node of the type '{node.GetType()}', which does not reduce to standard nodes."
            );
    }
}
