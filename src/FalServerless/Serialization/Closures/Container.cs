using System.Linq.Expressions;
using System.Reflection;
using FalServerless.Serialization.Expressions;
using FalServerless.Serialization.Methods;

namespace FalServerless.Serialization.Closures;

/// <summary>
/// An object that a tree reaches from a constant through closure fields alone, and whose fields are captured variables:
/// a closure, the <c>this</c> around the lambda, or an object that a hand-built tree holds.
/// </summary>
internal sealed class Container(object value, Container? parent, FieldInfo? field)
{
    // Closures nest as scopes do. A longer chain is no compiler's, and then its first part is captured as one object.
    private const int MaximumChain = 64;

    /// <summary>The object now; it tells containers apart.</summary>
    public object Value { get; } = value;

    /// <summary>The closure that holds it; null for a constant.</summary>
    public Container? Parent { get; } = parent;

    public bool IsClosure { get; } = ClosureNames.IsClosure(value.GetType());

    /// <summary>The container that the expression represents, or null where it is anything else.</summary>
    public static Container? Of(Expression? expression) => Of(expression, MaximumChain);

    public object? Read()
    {
        if (Parent is null)
        {
            return Value;
        }

        return Parent.Read() is { } holder ? field!.GetValue(holder) : null;
    }

    private static Container? Of(Expression? expression, int left) =>
        expression switch
        {
            ConstantExpression { Value: { } value } when !BodyConstants.Supports(value) => new(value, null, null),
            MemberExpression { Member: FieldInfo { IsStatic: false } field, Expression: { } inner }
                when left > 0 && MayHoldContainer(field) => Of(inner, left - 1) is { IsClosure: true } parent
            && field.GetValue(parent.Value) is { } value
                ? new(value, parent, field)
                : null,
            _ => null,
        };

    private static bool MayHoldContainer(FieldInfo field) => ClosureNames.IsThis(field) || ClosureNames.IsClosure(field.FieldType);
}
