using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using FalServerless.Serialization.Expressions;
using FalServerless.Serialization.Methods;

namespace FalServerless.Serialization.Closures;

/// <summary>
/// Turns the captured variables of a lambda into parameters, so that its body is code alone and the same whatever they hold.
/// Nothing of the user's runs: closures are read as fields.
/// </summary>
internal static class ClosureHoister
{
    /// <exception cref="ExpressionNotSendableException">The lambda holds something that means nothing outside this process.</exception>
    public static HoistedLambda Hoist(LambdaExpression lambda)
    {
        var whole = new WholeObjectUsage();
        whole.Visit(lambda.Body);
        var hoisting = new Hoisting(whole);
        var body = hoisting.Visit(lambda.Body);
        return new(lambda, body, [.. lambda.Parameters, .. hoisting.Parameters], hoisting.Captured);
    }

    /// <summary>Puts a parameter in the place of each captured variable.</summary>
    private sealed class Hoisting(WholeObjectUsage whole) : GuardedVisitor
    {
        // One parameter for a variable, whichever way the tree reaches it: by the object, or by the object and its field.
        private readonly Dictionary<(Identity Owner, RuntimeFieldHandle Field), ParameterExpression> _hoisted = [];

        public List<CapturedVariable> Captured { get; } = [];

        public List<ParameterExpression> Parameters { get; } = [];

        protected override Expression VisitMember(MemberExpression node)
        {
            if (node.Member is not FieldInfo field || Container.Of(node.Expression) is not { } owner || whole.Include(owner))
            {
                return base.VisitMember(node);
            }

            if (Container.Of(node) is { } self)
            {
                return Whole(self, node.Type);
            }

            var name = owner.IsClosure ? ClosureNames.Variable(field) : ClosureNames.FieldOf(OwnerName(owner), field);
            return Hoist((new(owner.Value), field.FieldHandle), name, node.Type, () => ReadField(owner, field, name));
        }

        protected override Expression VisitConstant(ConstantExpression node) =>
            Container.Of(node) is { } constant ? Whole(constant, node.Type) : node;

        private static object? ReadField(Container owner, FieldInfo field, string name) =>
            field.GetValue(
                owner.Read() ?? throw new InvalidOperationException($"The closure that holds the captured variable '{name}' is null.")
            );

        private Expression Whole(Container container, Type type)
        {
            var parameter = Hoist((new(container.Value), default), WholeName(container), type, container.Read);

            // A tree may hold one object as a constant of several types.
            return parameter.Type == type ? parameter : Expression.Convert(parameter, type);
        }

        private string OwnerName(Container owner) => owner.Parent is null ? whole.NameOf(owner.Value) : "this";

        private string WholeName(Container container) => container.IsClosure ? "closure" : OwnerName(container);

        private ParameterExpression Hoist((Identity Owner, RuntimeFieldHandle Field) key, string name, Type type, Func<object?> read)
        {
            if (!_hoisted.TryGetValue(key, out var parameter))
            {
                parameter = Expression.Parameter(type, name);
                _hoisted.Add(key, parameter);
                Parameters.Add(parameter);
                Captured.Add(new(name, type, read) { IsConstant = key.Field == default });
            }

            return parameter;
        }
    }

    /// <summary>An object as itself: its own <c>Equals</c> is user code.</summary>
    private readonly struct Identity(object value) : IEquatable<Identity>
    {
        private readonly object _value = value;

        public bool Equals(Identity other) => ReferenceEquals(_value, other._value);

        public override bool Equals(object? obj) => obj is Identity other && Equals(other);

        public override int GetHashCode() => RuntimeHelpers.GetHashCode(_value);
    }
}
