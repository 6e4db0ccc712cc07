using System.Linq.Expressions;
using System.Reflection;

namespace FalServerless.Serialization.Expressions;

/// <content>Blocks, loops, choices and jumps.</content>
internal ref partial struct ExpressionReader
{
    private BlockExpression ReadBlock(int rest)
    {
        var variables = ReadDeclarations();
        var expressions = ReadNodes(_reader.ReadArrayHeader());
        return rest > 2 ? Expression.Block(ReadType(), variables, expressions) : Expression.Block(variables, expressions);
    }

    private LoopExpression ReadLoop()
    {
        var body = ReadNode();
        var exit = ReadOptionalTarget();
        return Expression.Loop(body, exit, ReadOptionalTarget());
    }

    private SwitchExpression ReadSwitch(int rest)
    {
        var type = ReadType();
        var value = ReadNode();
        var otherwise = ReadOptional();
        var comparison = ReadOptionalMember<MethodInfo>();
        var cases = new List<SwitchCase>();
        for (var left = rest - 4; left > 0; left--)
        {
            var count = Between(_reader.ReadArrayHeader(), 2);
            var body = ReadNode();
            cases.Add(Expression.SwitchCase(body, ReadNodes(count - 1)));
        }

        return Expression.Switch(type, value, otherwise, comparison, cases);
    }

    private TryExpression ReadTry(int rest)
    {
        var type = ReadType();
        var body = ReadNode();
        var final = ReadOptional();
        var fault = ReadOptional();
        var handlers = new List<CatchBlock>();
        for (var left = rest - 4; left > 0; left--)
        {
            Between(_reader.ReadArrayHeader(), 4, 4);
            var test = ReadType();
            var variable = _reader.TryReadNil() ? null : ReadDeclaration();
            var handler = ReadNode();
            handlers.Add(Expression.MakeCatchBlock(test, variable, handler, ReadOptional()));
        }

        return Expression.MakeTry(type, body, final, fault, handlers);
    }

    private GotoExpression ReadGoto()
    {
        var kind = _reader.ReadInt32();
        if (kind is < (int)GotoExpressionKind.Goto or > (int)GotoExpressionKind.Continue)
        {
            throw new ProtocolException($"No jump has the number {kind}.");
        }

        var target = ReadTarget();
        var value = ReadOptional();
        return Expression.MakeGoto((GotoExpressionKind)kind, target, value, ReadType());
    }

    private LabelExpression ReadLabel()
    {
        var target = ReadTarget();
        return Expression.Label(target, ReadOptional());
    }

    private RuntimeVariablesExpression ReadRuntimeVariables(int rest)
    {
        var variables = new List<ParameterExpression>();
        for (var left = rest; left > 0; left--)
        {
            variables.Add(ReadReference());
        }

        return Expression.RuntimeVariables(variables);
    }
}
