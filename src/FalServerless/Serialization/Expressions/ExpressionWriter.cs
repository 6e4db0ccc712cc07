using System.Buffers;
using System.Linq.Expressions;
using FalServerless.Serialization.Types;
using FalServerless.Wire;

namespace FalServerless.Serialization.Expressions;

/// <summary>
/// Writes a lambda as one MessagePack value. A node is <c>[kind, part…]</c>; a parameter is its number; a string, true and false are
/// themselves; nil is a part that is absent. The same lambda always gives the same bytes: their hash is the body's identity.
/// </summary>
internal ref partial struct ExpressionWriter
{
    private readonly TypeWriter _types;
    private readonly MemberWriter _members;
    private MessagePackWriter _writer;
    private TreeGuard _guard;
    private Dictionary<ParameterExpression, int>? _parameters;
    private Dictionary<LabelTarget, int>? _labels;

    private ExpressionWriter(IBufferWriter<byte> output, TypeNames? names)
    {
        _types = new(names);
        _members = new(_types);
        _writer = new(output);
    }

    /// <param name="output">Where the bytes go.</param>
    /// <param name="lambda">What is written.</param>
    /// <param name="names">What the other side resolves names in; null where it has whatever the lambda names.</param>
    /// <exception cref="ExpressionNotSendableException">The lambda holds something that means nothing outside this process.</exception>
    /// <exception cref="UnnamedTypeException">It names a type that the other side could not find.</exception>
    public static void Write(IBufferWriter<byte> output, LambdaExpression lambda, TypeNames? names = null) =>
        Write(output, lambda, lambda.Parameters, lambda.Body, names);

    /// <summary>Writes a lambda with other parameters and another body than its own.</summary>
    /// <param name="output">Where the bytes go.</param>
    /// <param name="lambda">Its type and name.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="body">Its body.</param>
    /// <param name="names">What the other side resolves names in; null where it has whatever the lambda names.</param>
    /// <exception cref="ExpressionNotSendableException">The lambda holds something that means nothing outside this process.</exception>
    /// <exception cref="UnnamedTypeException">It names a type that the other side could not find.</exception>
    public static void Write(
        IBufferWriter<byte> output,
        LambdaExpression lambda,
        IReadOnlyList<ParameterExpression> parameters,
        Expression body,
        TypeNames? names = null
    )
    {
        var session = new ExpressionWriter(output, names);
        session.WriteRoot(lambda, parameters, body);
        session._writer.Flush();
    }

    private void WriteNode(Expression node)
    {
        _guard.Enter();
        switch (node)
        {
            case ParameterExpression parameter:
                WriteReference(parameter);
                break;
            case ConstantExpression constant:
                WriteConstant(constant);
                break;
            case MemberExpression member:
                WriteMemberAccess(member);
                break;
            case MethodCallExpression call:
                WriteCall(call);
                break;
            case BinaryExpression binary:
                WriteBinary(binary);
                break;
            case UnaryExpression unary:
                WriteUnary(unary);
                break;
            case LambdaExpression lambda:
                WriteLambda(lambda);
                break;
            case NewExpression created:
                WriteNew(created);
                break;
            case ConditionalExpression conditional:
                WriteConditional(conditional);
                break;
            case NewArrayExpression array:
                WriteNewArray(array);
                break;
            case MemberInitExpression initialised:
                WriteMemberInit(initialised);
                break;
            case ListInitExpression list:
                WriteListInit(list);
                break;
            case InvocationExpression invocation:
                WriteInvocation(invocation);
                break;
            case IndexExpression index:
                WriteIndex(index);
                break;
            case TypeBinaryExpression test:
                WriteTypeTest(test);
                break;
            case DefaultExpression or DebugInfoExpression:
                WriteDefault(node.Type);
                break;
            case BlockExpression block:
                WriteBlock(block);
                break;
            case LoopExpression loop:
                WriteLoop(loop);
                break;
            case SwitchExpression choice:
                WriteSwitch(choice);
                break;
            case TryExpression attempt:
                WriteTry(attempt);
                break;
            case GotoExpression jump:
                WriteGoto(jump);
                break;
            case LabelExpression label:
                WriteLabel(label);
                break;
            case RuntimeVariablesExpression variables:
                WriteRuntimeVariables(variables);
                break;
            default:
                WriteNode(Reduced.Once(node));
                break;
        }

        _guard.Leave();
    }

    private void WriteOptional(Expression? node)
    {
        if (node is null)
        {
            _writer.WriteNil();
        }
        else
        {
            WriteNode(node);
        }
    }

    private void WriteNodes(IArgumentProvider arguments)
    {
        for (var i = 0; i < arguments.ArgumentCount; i++)
        {
            WriteNode(arguments.GetArgument(i));
        }
    }

    private void WriteNodes(IReadOnlyCollection<Expression> nodes)
    {
        foreach (var node in nodes)
        {
            WriteNode(node);
        }
    }

    private void WriteHeader(int count, ExpressionType kind) => WriteHeader(count, (int)kind);

    private void WriteHeader(int count, int kind)
    {
        _writer.WriteArrayHeader(count);
        _writer.Write(kind);
    }

    private void WriteType(Type type) => _types.Write(ref _writer, type);
}
