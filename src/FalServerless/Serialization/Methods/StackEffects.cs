using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace FalServerless.Serialization.Methods;

/// <summary>How many values an instruction takes from the stack and puts on it (ECMA-335, III).</summary>
internal static class StackEffects
{
    private static readonly Dictionary<ILOpCode, (int Pops, int Pushes)> All = typeof(OpCodes)
        .GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .Where(code => code.StackBehaviourPop != StackBehaviour.Varpop && code.StackBehaviourPush != StackBehaviour.Varpush)
        .ToDictionary(code => (ILOpCode)(ushort)code.Value, code => (Count(code.StackBehaviourPop), Count(code.StackBehaviourPush)));

    /// <summary>Null for an instruction whose effect depends on what it names, and for one that does not exist.</summary>
    public static (int Pops, int Pushes)? Of(ILOpCode code) => All.TryGetValue(code, out var effect) ? effect : null;

    // The names list the values: Popref_popi_pop1.
    private static int Count(StackBehaviour behaviour) =>
        behaviour is StackBehaviour.Pop0 or StackBehaviour.Push0 ? 0 : behaviour.ToString().Split('_').Length;
}
