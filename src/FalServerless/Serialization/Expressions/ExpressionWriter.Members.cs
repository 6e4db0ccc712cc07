using System.Linq.Expressions;
using System.Reflection;

namespace FalServerless.Serialization.Expressions;

/// <content>What names a member of a type: access, calls, construction and initialisers; and arrays.</content>
internal ref partial struct ExpressionWriter
{
    // [kind, member, object]
    private void WriteMemberAccess(MemberExpression node)
    {
        WriteHeader(node.Expression is null ? 2 : 3, node.Member is FieldInfo ? NodeKind.Field : (int)ExpressionType.MemberAccess);
        _members.Write(ref _writer, node.Member);
        if (node.Expression is not null)
        {
            WriteNode(node.Expression);
        }
    }

    // [kind, method, object unless static, argument…]
    private void WriteCall(MethodCallExpression node)
    {
        var arguments = ((IArgumentProvider)node).ArgumentCount;
        WriteHeader(arguments + (node.Object is null ? 2 : 3), ExpressionType.Call);
        _members.Write(ref _writer, node.Method);
        if (node.Object is not null)
        {
            WriteNode(node.Object);
        }

        WriteNodes((IArgumentProvider)node);
    }

    // [kind, lambda, argument…]
    private void WriteInvocation(InvocationExpression node)
    {
        WriteHeader(((IArgumentProvider)node).ArgumentCount + 2, ExpressionType.Invoke);
        WriteNode(node.Expression);
        WriteNodes((IArgumentProvider)node);
    }

    // [kind, object, indexer or nil for an array, argument…]
    private void WriteIndex(IndexExpression node)
    {
        WriteHeader(((IArgumentProvider)node).ArgumentCount + 3, ExpressionType.Index);
        WriteOptional(node.Object);
        WriteOptionalMember(node.Indexer);
        WriteNodes((IArgumentProvider)node);
    }

    // [kind, constructor or nil, arguments or the value type, members]
    private void WriteNew(NewExpression node)
    {
        WriteHeader(node.Members is null ? 3 : 4, ExpressionType.New);
        WriteOptionalMember(node.Constructor);
        if (node.Constructor is null)
        {
            WriteType(node.Type);
            return;
        }

        _writer.WriteArrayHeader(((IArgumentProvider)node).ArgumentCount);
        WriteNodes((IArgumentProvider)node);
        if (node.Members is null)
        {
            return;
        }

        // The members of an anonymous type are named as its constructor's parameters: true says so in one byte.
        if (AnonymousMembers.Of(node.Constructor) is { } usual && node.Members.SequenceEqual(usual))
        {
            _writer.Write(true);
            return;
        }

        _writer.WriteArrayHeader(node.Members.Count * 2);
        foreach (var member in node.Members)
        {
            WriteFieldOrProperty(member);
        }
    }

    private void WriteFieldOrProperty(MemberInfo member)
    {
        _writer.Write(member is FieldInfo);
        _members.Write(ref _writer, member);
    }

    // [kind, element type, item or bound…]
    private void WriteNewArray(NewArrayExpression node)
    {
        WriteHeader(node.Expressions.Count + 2, node.NodeType);
        WriteType(node.Type.GetElementType()!);
        WriteNodes(node.Expressions);
    }

    // [kind, new, initialisers]
    private void WriteListInit(ListInitExpression node)
    {
        WriteHeader(3, ExpressionType.ListInit);
        WriteNode(node.NewExpression);
        WriteInitializers(node.Initializers);
    }

    // each: [add method, argument…]
    private void WriteInitializers(IReadOnlyCollection<ElementInit> initializers)
    {
        _writer.WriteArrayHeader(initializers.Count);
        foreach (var initializer in initializers)
        {
            _writer.WriteArrayHeader(initializer.Arguments.Count + 1);
            _members.Write(ref _writer, initializer.AddMethod);
            WriteNodes(initializer.Arguments);
        }
    }

    // [kind, new, bindings]
    private void WriteMemberInit(MemberInitExpression node)
    {
        WriteHeader(3, ExpressionType.MemberInit);
        WriteNode(node.NewExpression);
        WriteBindings(node.Bindings);
    }

    // each: [binding type, is field, member, value]
    private void WriteBindings(IReadOnlyCollection<MemberBinding> bindings)
    {
        _guard.Enter();
        _writer.WriteArrayHeader(bindings.Count);
        foreach (var binding in bindings)
        {
            WriteHeader(4, (int)binding.BindingType);
            WriteFieldOrProperty(binding.Member);
            switch (binding)
            {
                case MemberAssignment assignment:
                    WriteNode(assignment.Expression);
                    break;
                case MemberMemberBinding nested:
                    WriteBindings(nested.Bindings);
                    break;
                case MemberListBinding list:
                    WriteInitializers(list.Initializers);
                    break;
            }
        }

        _guard.Leave();
    }
}
