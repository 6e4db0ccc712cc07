using System.Buffers.Binary;
using System.Reflection.Metadata;

namespace FalServerless.Serialization.Methods;

/// <summary>One instruction of a method.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Next">Where the one behind it begins.</param>
/// <param name="Code">What it does.</param>
/// <param name="Operand">A token, the number of a variable, or the offset that it branches to; 0 for other operands and for none.</param>
/// <param name="Table">The offsets of a switch; null for others.</param>
internal readonly record struct Instruction(int Offset, int Next, ILOpCode Code, int Operand, int[]? Table)
{
    private const int Prefix = 0xFE;

    /// <summary>All instructions of a method.</summary>
    /// <exception cref="BadImageFormatException">They end in the middle of one.</exception>
    public static IReadOnlyList<Instruction> AllOf(ReadOnlySpan<byte> il)
    {
        var all = new List<Instruction>();
        for (var at = 0; at < il.Length; at = all[^1].Next)
        {
            all.Add(At(il, at));
        }

        return all;
    }

    private static Instruction At(ReadOnlySpan<byte> il, int offset)
    {
        var code = (int)il[offset];
        var start = offset + 1;
        if (code == Prefix)
        {
            code = (Prefix << 8) | Take(il, offset + 1, 1)[0];
            start++;
        }

        var operand = Take(il, start, Instructions.OperandSize(code));
        var next = start + operand.Length;
        if ((ILOpCode)code == ILOpCode.Switch)
        {
            var table = new int[BinaryPrimitives.ReadInt32LittleEndian(operand)];
            var entries = Take(il, next, checked(4 * table.Length));
            next += entries.Length;
            for (var i = 0; i < table.Length; i++)
            {
                table[i] = next + BinaryPrimitives.ReadInt32LittleEndian(entries[(4 * i)..]);
            }

            return new(offset, next, ILOpCode.Switch, 0, table);
        }

        var isBranch = ((ILOpCode)code).IsBranch();
        var value = operand.Length switch
        {
            1 => isBranch ? (sbyte)operand[0] : operand[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(operand),
            4 => BinaryPrimitives.ReadInt32LittleEndian(operand),
            _ => 0,
        };
        return new(offset, next, (ILOpCode)code, isBranch ? next + value : value, null);
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> il, int start, int length) =>
        (uint)length <= (uint)(il.Length - start)
            ? il.Slice(start, length)
            : throw new BadImageFormatException("The instructions of a method end in the middle of one.");
}
