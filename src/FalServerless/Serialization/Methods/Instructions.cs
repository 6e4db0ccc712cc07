using System.Buffers.Binary;
using System.Reflection.Metadata;

namespace FalServerless.Serialization.Methods;

/// <summary>Walks over the instructions of a method, from one to the next that names something.</summary>
internal ref struct Instructions(ReadOnlySpan<byte> il)
{
    private const int Prefix = 0xFE;
    private const int Switch = 0x45;

    private ReadOnlySpan<byte> _rest = il;

    /// <summary>The token that the instruction names.</summary>
    public int Token { get; private set; }

    public ILOpCode Code { get; private set; }

    /// <exception cref="BadImageFormatException">The instructions end in the middle of one.</exception>
    public bool MoveToNextToken()
    {
        while (!_rest.IsEmpty)
        {
            var code = (int)Take(1)[0];
            if (code == Prefix)
            {
                code = (Prefix << 8) | Take(1)[0];
            }

            var operand = Take(OperandSize(code));
            if (code == Switch)
            {
                Take(checked(4 * BinaryPrimitives.ReadInt32LittleEndian(operand)));
            }
            else if (HasToken(code))
            {
                (Code, Token) = ((ILOpCode)code, BinaryPrimitives.ReadInt32LittleEndian(operand));
                return true;
            }
        }

        return false;
    }

    /// <summary>The bytes behind an instruction's code (ECMA-335, III.1.2); of a switch those before its table.</summary>
    internal static int OperandSize(int code) =>
        code switch
        {
            (>= 0x0E and <= 0x13) or 0x1F or (>= 0x2B and <= 0x37) or 0xDE => 1,
            0x20 or 0x22 or (>= 0x38 and <= 0x45) or 0xDD => 4,
            0x21 or 0x23 => 8,
            0xFE12 or 0xFE19 => 1,
            >= 0xFE09 and <= 0xFE0E => 2,
            _ => HasToken(code) || code == 0x72 || code == 0x29 ? 4 : 0,
        };

    // A type, a field or a method; not the text of ldstr or the signature of calli.
    internal static bool HasToken(int code) =>
        code
            is 0x27
                or 0x28
                or 0x6F
                or 0x70
                or 0x71
                or (>= 0x73 and <= 0x75)
                or 0x79
                or (>= 0x7B and <= 0x81)
                or 0x8C
                or 0x8D
                or 0x8F
                or (>= 0xA3 and <= 0xA5)
                or 0xC2
                or 0xC6
                or 0xD0
                or 0xFE06
                or 0xFE07
                or 0xFE15
                or 0xFE16
                or 0xFE1C;

    private ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)_rest.Length)
        {
            throw new BadImageFormatException("The instructions of a method end in the middle of one.");
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
