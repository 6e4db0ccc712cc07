using System.Linq.Expressions;
using System.Reflection;

namespace FalServerless.Capture;

/// <summary>Collects the assemblies of all types and members that an expression names.</summary>
internal sealed class BodyAssemblies : ExpressionVisitor
{
    private readonly TypeAssemblies _named = new();

    public static IReadOnlyCollection<Assembly> Of(Expression body, IEnumerable<ParameterExpression> parameters, Type result)
    {
        var collector = new BodyAssemblies();

        // Not the lambda's own type: beyond 16 variables that is a delegate type made at run time, which the worker makes for itself.
        collector.Visit(body);
        collector.Add(result);
        foreach (var parameter in parameters)
        {
            collector.Visit(parameter);
        }

        return collector._named.Found;
    }

    public override Expression? Visit(Expression? node)
    {
        if (node is not null)
        {
            Add(node.Type);
        }

        return base.Visit(node);
    }

    protected override Expression VisitMethodCall(MethodCallExpression node)
    {
        Add(node.Method);
        return base.VisitMethodCall(node);
    }

    protected override Expression VisitBinary(BinaryExpression node)
    {
        Add(node.Method);
        return base.VisitBinary(node);
    }

    protected override Expression VisitUnary(UnaryExpression node)
    {
        Add(node.Method);
        return base.VisitUnary(node);
    }

    protected override Expression VisitMember(MemberExpression node)
    {
        Add(node.Member.DeclaringType);
        return base.VisitMember(node);
    }

    protected override Expression VisitTypeBinary(TypeBinaryExpression node)
    {
        Add(node.TypeOperand);
        return base.VisitTypeBinary(node);
    }

    protected override Expression VisitConstant(ConstantExpression node)
    {
        Add(node.Value as Type ?? (node.Value as MemberInfo)?.DeclaringType);
        return base.VisitConstant(node);
    }

    protected override ElementInit VisitElementInit(ElementInit node)
    {
        Add(node.AddMethod);
        return base.VisitElementInit(node);
    }

    protected override CatchBlock VisitCatchBlock(CatchBlock node)
    {
        Add(node.Test);
        return base.VisitCatchBlock(node);
    }

    private void Add(MethodInfo? method) => _named.Add(method);

    private void Add(Type? type) => _named.Add(type);
}
