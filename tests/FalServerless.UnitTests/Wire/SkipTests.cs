using System.Buffers;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Wire;
using FalServerless.Wire;

namespace FalServerless.UnitTests.Wire;

public class SkipTests
{
    private const int Deep = 100_000;

    [Theory]
    [InlineData((byte)0x91, 1)]
    [InlineData((byte)0xdc, 3)]
    [InlineData((byte)0xdd, 5)]
    public void ArraysNestedAHundredThousandDeepAreSkipped(byte code, int width)
    {
        var message = new byte[(Deep * width) + 1];
        for (var i = 0; i < Deep; i++)
        {
            message[i * width] = code;
            if (width > 1)
            {
                message[((i + 1) * width) - 1] = 1;
            }
        }

        message[^1] = MessagePackCode.Nil;
        Assert.Equal(message.Length, Messages.Read(message, (ref reader) => reader.ReadRaw().Length));
        Messages.Refused(message[..^1], (ref reader) => reader.ReadRaw());
    }

    [Fact]
    public void MapsNestedAHundredThousandDeepInKeysAndInValuesAreSkipped()
    {
        byte[] inKeys = [.. Enumerable.Repeat((byte)0x81, Deep), MessagePackCode.Nil, .. Enumerable.Repeat(MessagePackCode.Nil, Deep)];
        byte[] inValues =
        [
            .. Enumerable.Range(0, 2 * Deep).Select(i => i % 2 == 0 ? (byte)0x81 : MessagePackCode.Nil),
            MessagePackCode.Nil,
        ];
        Assert.Equal(inKeys.Length, Messages.Read(inKeys, (ref reader) => reader.ReadRaw().Length));
        Assert.Equal(inValues.Length, Messages.Read(inValues, (ref reader) => reader.ReadRaw().Length));
    }

    [Fact]
    public void ManyLevelsThatEachClaimAllThatIsLeftAreRefusedInOneWalk()
    {
        // Every header is within its bound, but together they claim billions of items; the walk ends with the bytes.
        var message = new byte[5 * Deep];
        for (var i = 0; i < Deep; i++)
        {
            var left = message.Length - (5 * (i + 1));
            message[5 * i] = MessagePackCode.Array32;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan((5 * i) + 1), (uint)left);
        }

        Messages.Refused([.. message, 0xc0], (ref reader) => reader.ReadRaw());
    }

    [Theory]
    [InlineData("dd ffffffff 00")]
    [InlineData("dd 80000000 00")]
    [InlineData("df 80000000 0000")]
    [InlineData("db ffffffff 61")]
    [InlineData("db fffffffb 61")]
    [InlineData("c6 80000000 61")]
    [InlineData("c6 fffffffb 61")]
    [InlineData("c9 fffffffb 05 61")]
    public void AValueThatClaimsMoreThanTwoBillionIsNotSkippedAsIfItWereLessThanNothing(string hex)
    {
        Messages.Refused(Messages.FromHex(hex), (ref reader) => reader.ReadRaw());
        Assert.Throws<ProtocolException>(() =>
            Messages.Read(Messages.CutEverywhere(Messages.FromHex(hex)), (ref reader) => reader.ReadRaw())
        );
    }

    [Fact]
    public void ASkipEndsWhereAReadEnds() =>
        RandomValues.Any.Sample(
            2_000,
            value =>
            {
                var message = value.Written();
                byte[] followed = [.. message, 0x2a];
                var reader = new MessagePackReader(followed);
                reader.Skip();
                Assert.Equal(message.Length, reader.Consumed);
                Assert.Equal(0x2a, reader.ReadByte());

                reader = new(Messages.CutEverywhere(followed));
                Assert.Equal(message, reader.ReadRaw().ToArray());
                Assert.Equal(0x2a, reader.ReadByte());
            }
        );

    [Fact]
    public void EveryPrefixOfAValueIsRefused() =>
        RandomValues
            .Of(depth: 2, singles: false)
            .Sample(
                100,
                value =>
                {
                    var message = value.Written();
                    for (var length = 0; length < message.Length; length++)
                    {
                        Messages.Refused(message[..length], (ref reader) => reader.ReadRaw());
                        Messages.Refused(message[..length], Value.ReadFrom);
                    }
                }
            );
}
