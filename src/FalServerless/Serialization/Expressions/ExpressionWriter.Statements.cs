using System.Linq.Expressions;

namespace FalServerless.Serialization.Expressions;

/// <content>Blocks, loops, choices and jumps, which only trees built by hand have.</content>
internal ref partial struct ExpressionWriter
{
    // [kind, variables, expressions, type]
    private void WriteBlock(BlockExpression node)
    {
        var typed = node.Expressions.Count == 0 || node.Type != node.Result.Type;
        WriteHeader(typed ? 4 : 3, ExpressionType.Block);
        WriteDeclarations(node.Variables);
        _writer.WriteArrayHeader(node.Expressions.Count);
        WriteNodes(node.Expressions);
        if (typed)
        {
            WriteType(node.Type);
        }
    }

    // [kind, body, break, continue]
    private void WriteLoop(LoopExpression node)
    {
        WriteHeader(4, ExpressionType.Loop);
        WriteNode(node.Body);
        WriteOptionalTarget(node.BreakLabel);
        WriteOptionalTarget(node.ContinueLabel);
    }

    // [kind, type, value, default, comparison, [body, test…]…]
    private void WriteSwitch(SwitchExpression node)
    {
        WriteHeader(node.Cases.Count + 5, ExpressionType.Switch);
        WriteType(node.Type);
        WriteNode(node.SwitchValue);
        WriteOptional(node.DefaultBody);
        WriteOptionalMember(node.Comparison);
        foreach (var choice in node.Cases)
        {
            _writer.WriteArrayHeader(choice.TestValues.Count + 1);
            WriteNode(choice.Body);
            WriteNodes(choice.TestValues);
        }
    }

    // [kind, type, body, finally, fault, [type, variable, body, filter]…]
    private void WriteTry(TryExpression node)
    {
        WriteHeader(node.Handlers.Count + 5, ExpressionType.Try);
        WriteType(node.Type);
        WriteNode(node.Body);
        WriteOptional(node.Finally);
        WriteOptional(node.Fault);
        foreach (var handler in node.Handlers)
        {
            _writer.WriteArrayHeader(4);
            WriteType(handler.Test);
            if (handler.Variable is null)
            {
                _writer.WriteNil();
            }
            else
            {
                WriteDeclaration(handler.Variable);
            }

            WriteNode(handler.Body);
            WriteOptional(handler.Filter);
        }
    }

    // [kind, kind of jump, label, value, type]
    private void WriteGoto(GotoExpression node)
    {
        WriteHeader(5, ExpressionType.Goto);
        _writer.Write((int)node.Kind);
        WriteTarget(node.Target);
        WriteOptional(node.Value);
        WriteType(node.Type);
    }

    // [kind, label, default]
    private void WriteLabel(LabelExpression node)
    {
        WriteHeader(3, ExpressionType.Label);
        WriteTarget(node.Target);
        WriteOptional(node.DefaultValue);
    }

    // [kind, variable…]
    private void WriteRuntimeVariables(RuntimeVariablesExpression node)
    {
        WriteHeader(node.Variables.Count + 1, ExpressionType.RuntimeVariables);
        WriteNodes(node.Variables);
    }
}
