using System.Reflection;
using System.Reflection.Emit;
using FalServerless.Serialization.Methods;

namespace FalServerless.UnitTests.Serialization.Methods;

public class InstructionsTests
{
    [Fact]
    public void EveryInstructionHasTheSizeThatTheRuntimeGivesIt()
    {
        var codes = typeof(OpCodes)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (OpCode)field.GetValue(null)!)
            .Where(code => code.OpCodeType != OpCodeType.Nternal)
            .ToArray();

        Assert.True(codes.Length > 200);
        Assert.All(
            codes,
            code =>
            {
                Assert.Equal(Size(code.OperandType), Instructions.OperandSize((ushort)code.Value));
                Assert.Equal(
                    code.OperandType
                        is OperandType.InlineField
                            or OperandType.InlineMethod
                            or OperandType.InlineType
                            or OperandType.InlineTok,
                    Instructions.HasToken((ushort)code.Value)
                );
            }
        );
    }

    [Theory]
    [InlineData(new byte[] { 0x28, 1, 2 })]
    [InlineData(new byte[] { 0xFE })]
    [InlineData(new byte[] { 0x45, 2, 0, 0, 0, 1, 2, 3 })]
    [InlineData(new byte[] { 0x45, 255, 255, 255, 127 })]
    public void InstructionsThatEndInTheMiddleAreRefused(byte[] il)
    {
        Assert.ThrowsAny<Exception>(() => Walk(il));

        static void Walk(byte[] il)
        {
            var instructions = new Instructions(il);
            while (instructions.MoveToNextToken()) { }
        }
    }

    private static int Size(OperandType operand) =>
        operand switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            _ => 4,
        };
}
