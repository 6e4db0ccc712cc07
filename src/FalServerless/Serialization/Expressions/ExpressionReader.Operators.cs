using System.Linq.Expressions;
using System.Reflection;

namespace FalServerless.Serialization.Expressions;

/// <content>Operators with one, two or three operands.</content>
internal ref partial struct ExpressionReader
{
    private static bool IsUnary(ExpressionType kind) =>
        kind
            is ExpressionType.ArrayLength
                or ExpressionType.Convert
                or ExpressionType.ConvertChecked
                or ExpressionType.Negate
                or ExpressionType.UnaryPlus
                or ExpressionType.NegateChecked
                or ExpressionType.Not
                or ExpressionType.Quote
                or ExpressionType.TypeAs
                or ExpressionType.Decrement
                or ExpressionType.Increment
                or ExpressionType.Throw
                or ExpressionType.Unbox
                or ExpressionType.PreIncrementAssign
                or ExpressionType.PreDecrementAssign
                or ExpressionType.PostIncrementAssign
                or ExpressionType.PostDecrementAssign
                or ExpressionType.OnesComplement
                or ExpressionType.IsTrue
                or ExpressionType.IsFalse;

    private UnaryExpression ReadUnary(int kind, int rest)
    {
        var operand = ReadOptional();
        var type = rest > 1 ? ReadOptionalType() : null;
        var method = rest > 2 ? ReadOptionalMember<MethodInfo>() : null;
        return Expression.MakeUnary((ExpressionType)kind, operand!, type!, method);
    }

    private BinaryExpression ReadBinary(int kind, int rest)
    {
        var left = ReadNode();
        var right = ReadNode();
        if (kind is NodeKind.ReferenceEqual or NodeKind.ReferenceNotEqual)
        {
            Between(rest, 2, 2);
            return kind == NodeKind.ReferenceEqual ? Expression.ReferenceEqual(left, right) : Expression.ReferenceNotEqual(left, right);
        }

        var method = rest > 2 ? ReadOptionalMember<MethodInfo>() : null;
        var liftToNull = rest > 3 && _reader.ReadBoolean();
        var conversion = rest > 4 ? (LambdaExpression)ReadNode() : null;
        return Expression.MakeBinary((ExpressionType)kind, left, right, liftToNull, method, conversion);
    }

    private ConditionalExpression ReadConditional(int rest)
    {
        var test = ReadNode();
        var then = ReadNode();
        var otherwise = ReadNode();
        return Expression.Condition(test, then, otherwise, rest > 3 ? ReadType() : then.Type);
    }

    private TypeBinaryExpression ReadTypeTest(int kind)
    {
        var operand = ReadNode();
        var type = ReadType();
        return kind == (int)ExpressionType.TypeIs ? Expression.TypeIs(operand, type) : Expression.TypeEqual(operand, type);
    }

    private DefaultExpression ReadDefault() => Expression.Default(ReadType());
}
