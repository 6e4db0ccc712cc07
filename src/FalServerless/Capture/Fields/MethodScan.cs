using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using FalServerless.Serialization.Methods;

namespace FalServerless.Capture.Fields;

/// <summary>
/// Follows the object through one method: over the stack, where every instruction must be one that is known to keep it there, and through
/// arguments and local variables, each of which counts as what was ever put into it. What the object gets to is reported to the scan.
/// </summary>
internal sealed partial class MethodScan
{
    private readonly FieldScan _scan;
    private readonly CodeTokens _tokens;
    private readonly IReadOnlyList<Instruction> _instructions;
    private readonly IReadOnlyList<ExceptionRegion> _regions;
    private readonly Dictionary<int, int> _places = [];
    private readonly StackValue[]?[] _before;
    private readonly Stack<int> _pending = new();
    private readonly Taint[] _arguments;
    private readonly Dictionary<int, Taint> _locals = [];
    private bool _hasLearned;

    private MethodScan(FieldScan scan, MethodBase method, Taint[] arguments)
    {
        _scan = scan;
        _tokens = new(method);
        _arguments = new Taint[_tokens.ShapeOf(method.MetadataToken).Arguments];
        arguments.CopyTo(_arguments, 0);
        var module = ModuleCode.Of(method.Module);
        var handle = (MethodDefinitionHandle)MetadataTokens.EntityHandle(method.MetadataToken);
        var body = module.BodyOf(handle) ?? throw new EscapeException("has no code that can be read");
        _instructions = Instruction.AllOf(module.InstructionsOf(handle));
        _regions = body.ExceptionRegions;
        _before = new StackValue[_instructions.Count][];
        for (var i = 0; i < _instructions.Count; i++)
        {
            _places.Add(_instructions[i].Offset, i);
        }
    }

    /// <exception cref="EscapeException">The object gets to code that cannot be followed.</exception>
    public static void Run(FieldScan scan, MethodBase method, Taint[] arguments)
    {
        var run = new MethodScan(scan, method, arguments);
        do
        {
            run._hasLearned = false;
            run.FollowAll();
        } while (run._hasLearned);
    }

    private void FollowAll()
    {
        Array.Clear(_before);
        Reach(0, []);
        foreach (var region in _regions)
        {
            Reach(region.HandlerOffset, region.Kind is ExceptionRegionKind.Catch or ExceptionRegionKind.Filter ? [default] : []);
            if (region.Kind == ExceptionRegionKind.Filter)
            {
                Reach(region.FilterOffset, [default]);
            }
        }

        while (_pending.TryPop(out var place))
        {
            Follow(place, new(_before[place]!));
        }
    }

    private void Follow(int place, Stack<StackValue> stack)
    {
        var instruction = _instructions[place];
        if (!TryKeep(instruction, stack) && !TryUse(place, stack))
        {
            PassBy(instruction, stack);
        }

        // Bottom first, as it is kept.
        StackValue[] after = instruction.Code is ILOpCode.Leave or ILOpCode.Leave_s ? [] : [.. stack.Reverse()];
        foreach (var target in instruction.Table ?? [])
        {
            Reach(target, after);
        }

        if (instruction.Code.IsBranch())
        {
            Reach(instruction.Operand, after);
        }

        if (!EndsHere(instruction.Code))
        {
            Reach(instruction.Next, after);
        }
    }

    /// <summary>
    /// Moves of values between the stack, arguments and local variables, and questions that tell nothing of the object's fields.
    /// </summary>
    private bool TryKeep(Instruction instruction, Stack<StackValue> stack)
    {
        var (code, operand) = (instruction.Code, instruction.Operand);
        switch (code)
        {
            case >= ILOpCode.Ldarg_0 and <= ILOpCode.Ldarg_3:
                stack.Push(Argument(code - ILOpCode.Ldarg_0));
                return true;
            case ILOpCode.Ldarg or ILOpCode.Ldarg_s:
                stack.Push(Argument(operand));
                return true;
            case ILOpCode.Ldarga or ILOpCode.Ldarga_s:
                stack.Push(Plain(Argument(operand), "takes the address of a variable that holds it"));
                return true;
            case ILOpCode.Starg or ILOpCode.Starg_s:
                _arguments[operand] = Learn(_arguments[operand], Settled(stack.Pop()));
                return true;
            case >= ILOpCode.Ldloc_0 and <= ILOpCode.Ldloc_3:
                stack.Push(new(LocalOf(code - ILOpCode.Ldloc_0)));
                return true;
            case ILOpCode.Ldloc or ILOpCode.Ldloc_s:
                stack.Push(new(LocalOf(operand)));
                return true;
            case ILOpCode.Ldloca or ILOpCode.Ldloca_s:
                stack.Push(new(Taint.Address, operand));
                return true;
            case >= ILOpCode.Stloc_0 and <= ILOpCode.Stloc_3:
                LearnLocal(code - ILOpCode.Stloc_0, Settled(stack.Pop()));
                return true;
            case ILOpCode.Stloc or ILOpCode.Stloc_s:
                LearnLocal(operand, Settled(stack.Pop()));
                return true;
            case ILOpCode.Dup:
                stack.Push(stack.Peek());
                return true;
            case ILOpCode.Pop or ILOpCode.Brtrue or ILOpCode.Brtrue_s or ILOpCode.Brfalse or ILOpCode.Brfalse_s:
                stack.Pop();
                return true;
            case ILOpCode.Castclass or ILOpCode.Isinst when stack.Peek().Taint == Taint.This:
                return true;
            case ILOpCode.Initobj when stack.Peek().Taint == Taint.Address:
                stack.Pop();
                return true;
            case ILOpCode.Ldftn:
                stack.Push(new(Taint.Function, operand));
                return true;
            default:
                return false;
        }
    }

    // What leads to the object may not be among the values.
    private void PassBy(Instruction instruction, Stack<StackValue> stack)
    {
        if (
            instruction.Code
            is ILOpCode.Calli
                or ILOpCode.Jmp
                or ILOpCode.Arglist
                or ILOpCode.Mkrefany
                or ILOpCode.Refanyval
                or ILOpCode.Refanytype
        )
        {
            throw new EscapeException("has an instruction that cannot be followed");
        }

        if (instruction.Code == ILOpCode.Ret)
        {
            foreach (var value in stack)
            {
                Plain(value, "returns it, or what holds it");
            }

            return;
        }

        var (pops, pushes) = StackEffects.Of(instruction.Code) ?? throw new EscapeException("has an instruction that is not known");
        for (var i = 0; i < pops; i++)
        {
            Plain(stack.Pop(), $"uses it, or what holds it, as an object ({instruction.Code.ToString().ToLowerInvariant()})");
        }

        for (var i = 0; i < pushes; i++)
        {
            stack.Push(default);
        }
    }

    private StackValue Argument(int index) => new(_arguments[index]);

    private Taint LocalOf(int index) => _locals.GetValueOrDefault(index);

    private void LearnLocal(int index, Taint taint) => _locals[index] = Learn(LocalOf(index), taint);

    private Taint Learn(Taint known, Taint taint)
    {
        var joined = Join(known, taint);
        _hasLearned |= joined != known;
        return joined;
    }

    // The address of a variable that leads to the object may not be kept: it could be used where this scan does not look.
    private Taint Settled(StackValue value) =>
        value.Taint switch
        {
            Taint.Address => LocalOf(value.Data) == Taint.None
                ? Taint.None
                : throw new EscapeException("takes the address of a variable that holds it"),
            Taint.Function => Taint.None,
            var taint => taint,
        };

    private StackValue Plain(StackValue value, string otherwise) =>
        Settled(value) == Taint.None ? default : throw new EscapeException(otherwise);

    private void Reach(int offset, StackValue[] stack)
    {
        if (!_places.TryGetValue(offset, out var place))
        {
            throw new EscapeException("has instructions that cannot be read");
        }

        if (_before[place] is not { } known)
        {
            _before[place] = stack;
            _pending.Push(place);
            return;
        }

        var joined = Join(known, stack);
        if (!joined.AsSpan().SequenceEqual(known))
        {
            _before[place] = joined;
            _pending.Push(place);
        }
    }

    private static StackValue[] Join(StackValue[] left, StackValue[] right) =>
        left.Length == right.Length
            ? [.. left.Zip(right, (one, other) => one == other ? one : new(Join(one.Taint, other.Taint)))]
            : throw new EscapeException("has instructions that cannot be read");

    // What may be the object counts as the object.
    private static Taint Join(Taint left, Taint right) =>
        left == right && left is not (Taint.Address or Taint.Function) ? left
        : left == Taint.None && right is not (Taint.Address or Taint.Function) ? right
        : right == Taint.None && left is not (Taint.Address or Taint.Function) ? left
        : throw new EscapeException("has a variable that may hold it or something else");

    private static bool EndsHere(ILOpCode code) =>
        code
            is ILOpCode.Br
                or ILOpCode.Br_s
                or ILOpCode.Leave
                or ILOpCode.Leave_s
                or ILOpCode.Ret
                or ILOpCode.Throw
                or ILOpCode.Rethrow
                or ILOpCode.Endfinally
                or ILOpCode.Endfilter;
}
