using System.Linq.Expressions;
using System.Reflection;

namespace FalServerless.Serialization.Expressions;

/// <content>Constants, and operators with one, two or three operands.</content>
internal ref partial struct ExpressionWriter
{
    private void WriteConstant(ConstantExpression node)
    {
        if (node.Value is string text && node.Type == typeof(string) && BodyConstants.IsUtf8(text))
        {
            _writer.Write(text);
        }
        else if (node.Value is bool value && node.Type == typeof(bool))
        {
            _writer.Write(value);
        }
        else
        {
            BodyConstants.Write(ref _writer, node, _types, _members);
        }
    }

    // [kind, left, right, method, lift to null, conversion]
    private void WriteBinary(BinaryExpression node)
    {
        var count = node switch
        {
            { Conversion: not null } => 6,
            { IsLiftedToNull: true } when IsComparison(node.NodeType) => 5,
            { Method: not null } => 4,
            _ => 3,
        };
        WriteHeader(count, KindOf(node));
        WriteNode(node.Left);
        WriteNode(node.Right);
        if (count > 3)
        {
            WriteOptionalMember(node.Method);
        }

        if (count > 4)
        {
            _writer.Write(node.IsLiftedToNull);
        }

        if (count > 5)
        {
            WriteNode(node.Conversion!);
        }
    }

    private static bool IsComparison(ExpressionType type) =>
        type
            is ExpressionType.Equal
                or ExpressionType.NotEqual
                or ExpressionType.LessThan
                or ExpressionType.LessThanOrEqual
                or ExpressionType.GreaterThan
                or ExpressionType.GreaterThanOrEqual;

    private static int KindOf(BinaryExpression node) =>
        node switch
        {
            { NodeType: ExpressionType.Equal, Method: null, Left.Type.IsValueType: false, Right.Type.IsValueType: false } =>
                NodeKind.ReferenceEqual,
            { NodeType: ExpressionType.NotEqual, Method: null, Left.Type.IsValueType: false, Right.Type.IsValueType: false } =>
                NodeKind.ReferenceNotEqual,
            _ => (int)node.NodeType,
        };

    // [kind, operand, type, method]
    private void WriteUnary(UnaryExpression node)
    {
        var typed =
            node.NodeType
            is ExpressionType.Convert
                or ExpressionType.ConvertChecked
                or ExpressionType.TypeAs
                or ExpressionType.Unbox
                or ExpressionType.Throw;
        var count =
            node.Method is not null ? 4
            : typed ? 3
            : 2;
        WriteHeader(count, node.NodeType);
        WriteOptional(node.Operand);
        if (count > 2)
        {
            WriteOptionalType(typed ? node.Type : null);
        }

        if (count > 3)
        {
            WriteOptionalMember(node.Method);
        }
    }

    private void WriteOptionalMember(MemberInfo? member)
    {
        if (member is null)
        {
            _writer.WriteNil();
        }
        else
        {
            _members.Write(ref _writer, member);
        }
    }

    // [kind, test, then, else, type]
    private void WriteConditional(ConditionalExpression node)
    {
        var typed = node.Type != node.IfTrue.Type;
        WriteHeader(typed ? 5 : 4, ExpressionType.Conditional);
        WriteNode(node.Test);
        WriteNode(node.IfTrue);
        WriteNode(node.IfFalse);
        if (typed)
        {
            WriteType(node.Type);
        }
    }

    // [kind, operand, type]
    private void WriteTypeTest(TypeBinaryExpression node)
    {
        WriteHeader(3, node.NodeType);
        WriteNode(node.Expression);
        WriteType(node.TypeOperand);
    }

    // [kind, type]; debug information ends here too: a body's identity must not depend on where its source file is.
    private void WriteDefault(Type type)
    {
        WriteHeader(2, ExpressionType.Default);
        WriteType(type);
    }
}
