using System.Buffers;
using CsCheck;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Wire;
using FalServerless.Wire;

namespace FalServerless.UnitTests.Wire;

public class FuzzTests
{
    private const int Count = 120_000;

    private static readonly Gen<byte[]> Mutations = RandomValues.Any.SelectMany(value => Mutation.Of(value.Written()));

    [Fact]
    public void AMutatedMessageIsReadOrRefusedButNeverCrashesHangsOrTakesMemory()
    {
        var refused = 0;
        Gen.Select(Mutations, Gen.Int[0, 3], Gen.Int[0, 4_000])
            .Sample(
                Count,
                cut =>
                {
                    var (message, whole, place) = cut;
                    var sequence = whole == 3 ? Messages.Cut(message, Math.Min(place, message.Length)) : new(message);
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    if (!TryWalk(sequence))
                    {
                        refused++;
                    }

                    // A refusal makes an exception with its message; text takes two bytes of memory for one of UTF-8.
                    var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                    Assert.True(
                        allocated <= (16 * 1024) + (8 * message.Length),
                        $"{allocated} bytes were allocated for the {message.Length} of the message."
                    );
                },
                cut => $"{Convert.ToHexStringLower(cut.Item1)}{(cut.Item2 == 3 ? $", cut at {cut.Item3}" : "")}"
            );

        Assert.InRange(refused, Count / 10, Count * 9 / 10);
    }

    [Fact]
    public void ASkipAndAWalkAgreeOnEveryMutatedMessageHoweverItIsCut() =>
        Gen.Select(Mutations, Gen.Int[0, 2_000])
            .Sample(
                20_000,
                cut =>
                {
                    var (message, place) = cut;
                    var whole = new ReadOnlySequence<byte>(message);
                    var pieces = Messages.Cut(message, Math.Min(place, message.Length));
                    var skipped = Skipped(whole);
                    Assert.Equal(skipped, Skipped(pieces));

                    // A skip looks into neither text nor extensions, so it may pass what a walk refuses, but never the reverse.
                    var walked = Walked(whole);
                    Assert.Equal(walked, Walked(pieces));
                    Assert.True(walked is null || walked == skipped);
                },
                cut => $"{Convert.ToHexStringLower(cut.Item1)}, cut at {cut.Item2}"
            );

    [Fact]
    public void EveryReadOfEveryMutatedMessageGivesAValueOrTheProtocolsError()
    {
        Messages.Reading<object?>[] reads =
        [
            .. TypedReads.All.Select(typed => typed.Read),
            (ref reader) => reader.ReadDateTime(),
            (ref reader) => reader.ReadRaw(),
            (ref reader) => reader.TryReadArrayHeader(out _),
            Value.ReadFrom,
        ];
        Gen.Select(Mutations, Gen.Int[0, reads.Length - 1])
            .Sample(
                60_000,
                reading =>
                {
                    var (message, read) = reading;
                    try
                    {
                        var reader = new MessagePackReader(message);
                        while (!reader.End)
                        {
                            var consumed = reader.Consumed;
                            reads[read](ref reader);
                            if (reader.Consumed == consumed)
                            {
                                break;
                            }
                        }
                    }
                    catch (ProtocolException)
                    {
                        // The one error that bytes may cause.
                    }
                },
                reading => $"Read {reading.Item2} of {Convert.ToHexStringLower(reading.Item1)}"
            );
    }

    private static bool TryWalk(ReadOnlySequence<byte> message) => Walked(message) is not null;

    private static long? Skipped(ReadOnlySequence<byte> message)
    {
        try
        {
            var reader = new MessagePackReader(message);
            reader.Skip();
            return reader.Consumed;
        }
        catch (ProtocolException)
        {
            return null;
        }
    }

    private static long? Walked(ReadOnlySequence<byte> message)
    {
        try
        {
            var reader = new MessagePackReader(message);
            Walk(ref reader);
            return reader.Consumed;
        }
        catch (ProtocolException)
        {
            return null;
        }
    }

    // Reads one value with the typed reads, as any consumer would; without recursion, as depth is the caller's to limit.
    private static void Walk(ref MessagePackReader reader)
    {
        var most = reader.Remaining;
        var steps = 0L;
        for (var open = 1L; open > 0; open--)
        {
            Assert.True(steps++ <= most, "The walk takes more steps than there are bytes.");
            switch (reader.NextMessagePackType)
            {
                case MessagePackType.Nil:
                    reader.ReadNil();
                    break;
                case MessagePackType.Boolean:
                    reader.ReadBoolean();
                    break;
                case MessagePackType.Integer when reader.NextCode == MessagePackCode.UInt64:
                    reader.ReadUInt64();
                    break;
                case MessagePackType.Integer:
                    reader.ReadInt64();
                    break;
                case MessagePackType.Float:
                    reader.ReadDouble();
                    break;
                case MessagePackType.String:
                    reader.ReadString();
                    break;
                case MessagePackType.Binary:
                    reader.ReadBytes();
                    break;
                case MessagePackType.Array:
                    open += reader.ReadArrayHeader();
                    break;
                case MessagePackType.Map:
                    open += 2L * reader.ReadMapHeader();
                    break;
                case MessagePackType.Extension:
                    reader.ReadExtensionFormat();
                    break;
                default:
                    throw new ProtocolException("The never-used byte opens no value.");
            }
        }
    }
}
