using System.Reflection;
using System.Reflection.Metadata;
using FalServerless.Serialization.Methods;

namespace FalServerless.Capture.Fields;

/// <content>Instructions that use the object: its fields, calls, and the making of closures and delegates.</content>
internal sealed partial class MethodScan
{
    private bool TryUse(int place, Stack<StackValue> stack)
    {
        var instruction = _instructions[place];
        switch (instruction.Code)
        {
            case ILOpCode.Ldfld or ILOpCode.Ldflda:
                stack.Push(new(ReadField(instruction, stack.Pop())));
                return true;
            case ILOpCode.Stfld:
                var value = Settled(stack.Pop());
                WriteField(instruction.Operand, stack.Pop(), value);
                return true;
            case ILOpCode.Call or ILOpCode.Callvirt or ILOpCode.Newobj:
                UseMethod(instruction, place > 0 && _instructions[place - 1].Code == ILOpCode.Constrained, stack);
                return true;
            default:
                return false;
        }
    }

    private Taint ReadField(Instruction instruction, StackValue owner)
    {
        switch (OwnerTaint(owner))
        {
            case Taint.None:
                return Taint.None;
            case Taint.This:
                _scan.Use(_tokens.Field(instruction.Operand));
                return Taint.None;
            case Taint.Holder:
                var held = _tokens.HeldBy(instruction.Operand);
                return held is Taint.None or Taint.Holder || instruction.Code == ILOpCode.Ldfld
                    ? held
                    : throw new EscapeException("takes the address of a variable that holds it");
            default:
                throw new EscapeException("looks into a delegate over it");
        }
    }

    private void WriteField(int token, StackValue owner, Taint value)
    {
        var taint = OwnerTaint(owner);
        if (value == Taint.None)
        {
            if (taint == Taint.This)
            {
                _scan.Use(_tokens.Field(token));
            }

            return;
        }

        if (
            taint is not (Taint.Holder or Taint.None)
            || (taint == Taint.None && owner.Taint != Taint.Address)
            || _tokens.HeldBy(token) != value
        )
        {
            throw new EscapeException("stores it, or what holds it, in a field");
        }

        if (owner.Taint == Taint.Address)
        {
            LearnLocal(owner.Data, Taint.Holder);
        }
    }

    // A closure that is a struct is used by its address.
    private Taint OwnerTaint(StackValue owner) =>
        owner.Taint switch
        {
            Taint.Address when LocalOf(owner.Data) is Taint.None or Taint.Holder => LocalOf(owner.Data),
            Taint.Address => throw new EscapeException("takes the address of a variable that holds it"),
            Taint.Function => Taint.None,
            var taint => taint,
        };

    private void UseMethod(Instruction instruction, bool isConstrained, Stack<StackValue> stack)
    {
        var isNew = instruction.Code == ILOpCode.Newobj;
        var (count, returnsValue) = _tokens.ShapeOf(instruction.Operand);
        var values = new StackValue[isNew ? count - 1 : count];
        for (var i = values.Length - 1; i >= 0; i--)
        {
            values[i] = stack.Pop();
        }

        Taint[] arguments = [.. values.Select(OwnerTaint)];
        var result = Taint.None;
        if (isNew)
        {
            result = arguments.All(IsNone) ? MadeBy(instruction.Operand) : MakeDelegate(instruction.Operand, values, arguments);
        }
        else if (!arguments.All(IsNone))
        {
            Call(instruction, isConstrained, arguments);
        }

        if (isNew || returnsValue)
        {
            stack.Push(new(result));
        }
    }

    private Taint MadeBy(int constructor) => _tokens.MakesHolder(constructor) ? Taint.Holder : Taint.None;

    private Taint MakeDelegate(int constructor, StackValue[] values, Taint[] arguments)
    {
        if (
            arguments is not [Taint.This or Taint.Holder, _]
            || values[1].Taint != Taint.Function
            || !_tokens.Method(constructor).DeclaringType!.IsAssignableTo(typeof(Delegate))
        )
        {
            throw new EscapeException("passes it, or what holds it, to a constructor");
        }

        _scan.Enter(_tokens.Method(values[1].Data), [arguments[0]]);
        return Taint.Delegate;
    }

    private void Call(Instruction instruction, bool isConstrained, Taint[] arguments)
    {
        var method = _tokens.Method(instruction.Operand);
        if (isConstrained)
        {
            throw Escape(method);
        }

        if (KnownCalls.IsInvoke(method, arguments) || KnownCalls.IsGetType(method, arguments) || KnownCalls.OnlyRuns(method, arguments))
        {
            return;
        }

        if (KnownCalls.StateMachineOf(method, arguments) is { } machine)
        {
            var step =
                machine.GetMethod("MoveNext", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, [])
                ?? throw Escape(method);
            _scan.Enter(step, [Taint.Holder]);
            return;
        }

        if (instruction.Code == ILOpCode.Callvirt && method.IsVirtual)
        {
            // What may be the object may also be another one of unknown class: that one may not be given the object.
            method =
                method is MethodInfo { IsGenericMethod: false } called && arguments[0] == Taint.This && arguments.Skip(1).All(IsNone)
                    ? Overrides.Find(_scan.Type, called) ?? throw Escape(method)
                    : throw Escape(method);
        }

        if (method.DeclaringType is null or { IsInterface: true } || method is MethodInfo info && !MethodPortability.HasFileOfItsOwn(info))
        {
            throw Escape(method);
        }

        _scan.Enter(method, arguments);
    }

    private static EscapeException Escape(MethodBase method) => new($"passes it, or what holds it, to '{NameOf(method)}'");

    private static string NameOf(MethodBase method) =>
        method.DeclaringType is { } type ? $"{type.Name.Split('`')[0]}.{method.Name}" : method.Name;

    private static bool IsNone(Taint taint) => taint == Taint.None;
}
