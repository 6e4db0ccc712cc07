using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using FalServerless.Serialization.Expressions;

namespace FalServerless.Serialization.Closures;

/// <summary>A visitor that refuses a tree too deep or too large for it, and looks into nodes that reduce.</summary>
internal abstract class GuardedVisitor : ExpressionVisitor
{
    private TreeGuard _guard;

    [return: NotNullIfNotNull(nameof(node))]
    public override Expression? Visit(Expression? node)
    {
        _guard.Enter();
        var visited = base.Visit(node);
        _guard.Leave();
        return visited;
    }

    protected override MemberBinding VisitMemberBinding(MemberBinding node)
    {
        _guard.Enter();
        var visited = base.VisitMemberBinding(node);
        _guard.Leave();
        return visited;
    }

    protected override Expression VisitExtension(Expression node) => Visit(Reduced.Once(node));

    protected override Expression VisitDynamic(DynamicExpression node) => Visit(Reduced.Once(node));
}
