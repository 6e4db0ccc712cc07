using System.Buffers;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using FalServerless.Serialization.Types;
using FalServerless.Wire;

namespace FalServerless.Serialization.Expressions;

/// <summary>
/// Reads what <see cref="ExpressionWriter"/> wrote, from bytes that may come from anyone. Nothing that the message names runs here.
/// </summary>
internal ref partial struct ExpressionReader
{
    private readonly TypeReader _types;
    private readonly MemberReader _members;
    private MessagePackReader _reader;
    private List<ParameterExpression>? _parameters;
    private List<LabelTarget>? _labels;
    private Dictionary<ParameterExpression, Expression>? _given;

    private ExpressionReader(in ReadOnlySequence<byte> bytes, TypeNames names)
    {
        _types = new(names);
        _members = new(_types, names);
        _reader = new(bytes);
    }

    /// <exception cref="ProtocolException">The bytes are not one lambda, whole and nothing else.</exception>
    public static LambdaExpression Read(in ReadOnlySequence<byte> bytes, TypeNames names)
    {
        try
        {
            var session = new ExpressionReader(bytes, names);
            var lambda = session.ReadRoot();
            return session._reader.End ? lambda : throw new ProtocolException($"{session._reader.Remaining} bytes follow the body's end.");
        }
        catch (Exception e) when (e is not ProtocolException)
        {
            // Only factories of nodes and lookups of types and members run above: whatever they refuse, the message is to blame.
            throw new ProtocolException($"The body is not a valid expression: {e.Message}", e);
        }
    }

    /// <summary>Reads a tree that is a value, from a lambda around it.</summary>
    /// <param name="bytes">The lambda.</param>
    /// <param name="names">Resolves what it names.</param>
    /// <param name="given">What replaces its last parameters.</param>
    /// <param name="delegateType">The delegate of a tree that is a lambda itself; null where it is the lambda's body.</param>
    /// <exception cref="ProtocolException">The bytes are not such a lambda, whole and nothing else.</exception>
    public static Expression ReadTree(in ReadOnlySequence<byte> bytes, TypeNames names, Expression[] given, Type? delegateType)
    {
        try
        {
            var session = new ExpressionReader(bytes, names);
            var tree = session.ReadTree(given, delegateType);
            return session._reader.End ? tree : throw new ProtocolException($"{session._reader.Remaining} bytes follow the tree's end.");
        }
        catch (Exception e) when (e is not ProtocolException)
        {
            throw new ProtocolException($"The tree is not a valid expression: {e.Message}", e);
        }
    }

    private Expression ReadNode()
    {
        Enter();
        var node = _reader.NextMessagePackType switch
        {
            MessagePackType.Integer => Given(ReadReference()),
            MessagePackType.String => Expression.Constant(_reader.ReadString()),
            MessagePackType.Boolean => Expression.Constant(_reader.ReadBoolean()),
            _ => ReadByKind(),
        };
        _reader.LeaveNested();
        return node;
    }

    private void Enter()
    {
        _reader.EnterNested(TreeGuard.MaximumDepth);
        RuntimeHelpers.EnsureSufficientExecutionStack();
    }

    private Expression ReadByKind()
    {
        var rest = _reader.ReadArrayHeader() - 1;
        var kind = _reader.ReadInt32();
        return kind switch
        {
            (int)ExpressionType.Constant => BodyConstants.Read(ref _reader, Between(rest, 2, 3), _types, _members),
            (int)ExpressionType.Call => ReadCall(Between(rest, 1)),
            NodeKind.Field => ReadField(Between(rest, 1, 2)),
            (int)ExpressionType.MemberAccess => ReadProperty(Between(rest, 1, 2)),
            (int)ExpressionType.Lambda => ReadLambda(Between(rest, 2, 6)),
            (int)ExpressionType.New => ReadNew(Between(rest, 2, 3)),
            (int)ExpressionType.Conditional => ReadConditional(Between(rest, 3, 4)),
            (int)ExpressionType.NewArrayInit or (int)ExpressionType.NewArrayBounds => ReadNewArray(kind, Between(rest, 1)),
            (int)ExpressionType.MemberInit when Exactly(2, rest) => ReadMemberInit(),
            (int)ExpressionType.ListInit when Exactly(2, rest) => ReadListInit(),
            (int)ExpressionType.Invoke => ReadInvocation(Between(rest, 1)),
            (int)ExpressionType.Index => ReadIndex(Between(rest, 2)),
            (int)ExpressionType.TypeIs or (int)ExpressionType.TypeEqual when Exactly(2, rest) => ReadTypeTest(kind),
            (int)ExpressionType.Default when Exactly(1, rest) => ReadDefault(),
            (int)ExpressionType.Block => ReadBlock(Between(rest, 2, 3)),
            (int)ExpressionType.Loop when Exactly(3, rest) => ReadLoop(),
            (int)ExpressionType.Switch => ReadSwitch(Between(rest, 4)),
            (int)ExpressionType.Try => ReadTry(Between(rest, 4)),
            (int)ExpressionType.Goto when Exactly(4, rest) => ReadGoto(),
            (int)ExpressionType.Label when Exactly(2, rest) => ReadLabel(),
            (int)ExpressionType.RuntimeVariables => ReadRuntimeVariables(Between(rest, 0)),
            _ => IsUnary((ExpressionType)kind) ? ReadUnary(kind, Between(rest, 1, 3)) : ReadBinary(kind, Between(rest, 2, 5)),
        };
    }

    private static int Between(int rest, int least, int most = int.MaxValue) =>
        rest >= least && rest <= most ? rest : throw new ProtocolException($"A node has {rest} parts where {least} to {most} are allowed.");

    private static bool Exactly(int parts, int rest) => Between(rest, parts, parts) == parts;

    private Expression? ReadOptional() => _reader.TryReadNil() ? null : ReadNode();

    // A header may claim as many items as there are bytes, at each of hundreds of levels: memory is taken as items really come.
    private Expression[] ReadNodes(int count)
    {
        if (count == 0)
        {
            return [];
        }

        var nodes = new Expression[Math.Min(count, 16)];
        for (var i = 0; i < count; i++)
        {
            if (i == nodes.Length)
            {
                Array.Resize(ref nodes, Math.Min(count, i * 2));
            }

            nodes[i] = ReadNode();
        }

        return nodes;
    }

    private Type ReadType() => _types.Read(ref _reader);

    private Type? ReadOptionalType() => _reader.TryReadNil() ? null : ReadType();

    private T ReadMember<T>()
        where T : MemberInfo => _members.Read<T>(ref _reader);

    private T? ReadOptionalMember<T>()
        where T : MemberInfo => _reader.TryReadNil() ? null : ReadMember<T>();

    private MemberInfo ReadFieldOrProperty() => _reader.ReadBoolean() ? ReadMember<FieldInfo>() : ReadMember<PropertyInfo>();
}
