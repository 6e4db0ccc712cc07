using System.Linq.Expressions;
using System.Reflection;

namespace FalServerless.Serialization.Expressions;

/// <content>What names a member of a type: access, calls, construction and initialisers; and arrays.</content>
internal ref partial struct ExpressionReader
{
    private MemberExpression ReadField(int rest)
    {
        var field = ReadMember<FieldInfo>();
        return Expression.Field(rest > 1 ? ReadNode() : null, field);
    }

    private MemberExpression ReadProperty(int rest)
    {
        var property = ReadMember<PropertyInfo>();
        return Expression.Property(rest > 1 ? ReadNode() : null, property);
    }

    private MethodCallExpression ReadCall(int rest)
    {
        var method = ReadMember<MethodInfo>();
        var target = method.IsStatic ? null : ReadNode();
        return Expression.Call(target, method, ReadNodes(Between(rest - (method.IsStatic ? 1 : 2), 0)));
    }

    private InvocationExpression ReadInvocation(int rest)
    {
        var lambda = ReadNode();
        return Expression.Invoke(lambda, ReadNodes(rest - 1));
    }

    private IndexExpression ReadIndex(int rest)
    {
        var target = ReadOptional();
        var indexer = ReadOptionalMember<PropertyInfo>();
        return Expression.MakeIndex(target!, indexer, ReadNodes(rest - 2));
    }

    private NewExpression ReadNew(int rest)
    {
        if (_reader.TryReadNil())
        {
            Between(rest, 2, 2);
            return Expression.New(ReadType());
        }

        var constructor = ReadMember<ConstructorInfo>();
        var arguments = ReadNodes(_reader.ReadArrayHeader());
        return rest == 2 ? Expression.New(constructor, arguments) : Expression.New(constructor, arguments, ReadNewMembers(constructor));
    }

    private MemberInfo[] ReadNewMembers(ConstructorInfo constructor)
    {
        if (!_reader.TryReadArrayHeader(out var count))
        {
            return _reader.ReadBoolean() && AnonymousMembers.Of(constructor) is { } usual
                ? usual
                : throw new ProtocolException($"'{constructor.DeclaringType}' has no properties named as its constructor's parameters.");
        }

        var members = new MemberInfo[Between(count / 2, 0, TreeGuard.MaximumParameters)];
        for (var i = 0; i < members.Length; i++)
        {
            members[i] = ReadFieldOrProperty();
        }

        return members;
    }

    private NewArrayExpression ReadNewArray(int kind, int rest)
    {
        var element = ReadType();
        var items = ReadNodes(rest - 1);
        return kind == (int)ExpressionType.NewArrayInit
            ? Expression.NewArrayInit(element, items)
            : Expression.NewArrayBounds(element, items);
    }

    private ListInitExpression ReadListInit()
    {
        var created = (NewExpression)ReadNode();
        return Expression.ListInit(created, ReadInitializers());
    }

    private List<ElementInit> ReadInitializers()
    {
        var initializers = new List<ElementInit>();
        for (var left = _reader.ReadArrayHeader(); left > 0; left--)
        {
            var rest = Between(_reader.ReadArrayHeader(), 1);
            var add = ReadMember<MethodInfo>();
            initializers.Add(Expression.ElementInit(add, ReadNodes(rest - 1)));
        }

        return initializers;
    }

    private MemberInitExpression ReadMemberInit()
    {
        var created = (NewExpression)ReadNode();
        return Expression.MemberInit(created, ReadBindings());
    }

    private List<MemberBinding> ReadBindings()
    {
        Enter();
        var bindings = new List<MemberBinding>();
        for (var left = _reader.ReadArrayHeader(); left > 0; left--)
        {
            Between(_reader.ReadArrayHeader(), 4, 4);
            var kind = (MemberBindingType)_reader.ReadInt32();
            var member = ReadFieldOrProperty();
            bindings.Add(
                kind switch
                {
                    MemberBindingType.Assignment => Expression.Bind(member, ReadNode()),
                    MemberBindingType.MemberBinding => Expression.MemberBind(member, ReadBindings()),
                    MemberBindingType.ListBinding => Expression.ListBind(member, ReadInitializers()),
                    _ => throw new ProtocolException($"No member binding has the number {(int)kind}."),
                }
            );
        }

        _reader.LeaveNested();
        return bindings;
    }
}
