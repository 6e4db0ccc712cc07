using System.Linq.Expressions;
using FalServerless.Serialization.Expressions;
using FalServerless.Serialization.Types;

namespace FalServerless.Serialization.Closures;

/// <summary>
/// The variables of a tree that nothing in it declares. Refuses nodes of classes that are not the framework's: to look into one runs its
/// code.
/// </summary>
internal sealed class FreeVariables : GuardedVisitor
{
    private readonly Dictionary<ParameterExpression, int> _declared = [];
    private readonly List<ParameterExpression> _free = [];

    /// <summary>In the order of their first use.</summary>
    /// <exception cref="ExpressionNotSendableException">The tree holds a node that cannot be looked into.</exception>
    public static IReadOnlyList<ParameterExpression> Of(Expression tree)
    {
        var visitor = new FreeVariables();
        visitor.Visit(tree);
        return visitor._free;
    }

    public override Expression? Visit(Expression? node) =>
        node is null || FrameworkTypes.Contains(node.GetType())
            ? base.Visit(node)
            : throw new ExpressionNotSendableException(
                $"it holds a node of the class '{node.GetType()}', and what that means is known to its own code only. Reduce it "
                    + $"to standard nodes first."
            );

    protected override Expression VisitParameter(ParameterExpression node)
    {
        if (_declared.GetValueOrDefault(node) == 0 && !_free.Contains(node))
        {
            _free.Add(node);
        }

        return node;
    }

    protected override Expression VisitLambda<T>(Expression<T> node)
    {
        Declare(node.Parameters, 1);
        base.VisitLambda(node);
        Declare(node.Parameters, -1);
        return node;
    }

    protected override Expression VisitBlock(BlockExpression node)
    {
        Declare(node.Variables, 1);
        base.VisitBlock(node);
        Declare(node.Variables, -1);
        return node;
    }

    protected override CatchBlock VisitCatchBlock(CatchBlock node)
    {
        ParameterExpression[] declared = node.Variable is { } variable ? [variable] : [];
        Declare(declared, 1);
        base.VisitCatchBlock(node);
        Declare(declared, -1);
        return node;
    }

    private void Declare(IEnumerable<ParameterExpression> variables, int change)
    {
        foreach (var variable in variables)
        {
            _declared[variable] = _declared.GetValueOrDefault(variable) + change;
        }
    }
}
