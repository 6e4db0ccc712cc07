using System.Linq.Expressions;
using System.Reflection;

namespace FalServerless.Serialization.Closures;

/// <summary>Finds the containers that a body uses as objects, and not only for one field or another.</summary>
internal sealed class WholeObjectUsage : GuardedVisitor
{
    private readonly HashSet<object> _used = new(ReferenceEqualityComparer.Instance);

    // Constants that are no closures, in the order of their first use.
    private readonly List<object> _constants = [];

    /// <summary>
    /// Whether the body uses the object, or a closure on the way to it, as a whole. Then its fields must be those of the object that is
    /// sent, so that a method of it and a field access see the same state.
    /// </summary>
    public bool Include(Container container)
    {
        for (var at = container; at is not null; at = at.Parent)
        {
            if (_used.Contains(at.Value))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What the source calls a constant. A compiler puts one object into a tree that is no closure: <c>this</c>.</summary>
    public string NameOf(object constant) =>
        _constants.Count == 1 && !IsOfFramework(constant.GetType())
            ? "this"
            : $"constant {_constants.FindIndex(other => ReferenceEquals(other, constant)) + 1}";

    protected override Expression VisitMember(MemberExpression node)
    {
        if (node.Member is FieldInfo && Container.Of(node.Expression) is { } owner)
        {
            Note(owner);
            if (Container.Of(node) is { } self)
            {
                _used.Add(self.Value);
            }

            return node;
        }

        return base.VisitMember(node);
    }

    protected override Expression VisitConstant(ConstantExpression node)
    {
        if (Container.Of(node) is { } constant)
        {
            Note(constant);
            _used.Add(constant.Value);
        }

        return node;
    }

    private void Note(Container container)
    {
        if (container is { Parent: null, IsClosure: false } && !_constants.Exists(other => ReferenceEquals(other, container.Value)))
        {
            _constants.Add(container.Value);
        }
    }

    private static bool IsOfFramework(Type type) =>
        type.IsValueType
        || type.IsArray
        || type.Assembly == typeof(object).Assembly
        || type.Assembly.GetName().Name is { } name && name.StartsWith("System.", StringComparison.Ordinal);
}
