using System.Buffers;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Wire;
using FalServerless.Wire;

namespace FalServerless.UnitTests.Wire;

public class FuzzTests
{
    private const int Count = 120_000;

    [Fact]
    public void AMutatedMessageIsReadOrRefusedButNeverCrashesHangsOrTakesMemory()
    {
        var random = Printed.Random(of: nameof(AMutatedMessageIsReadOrRefusedButNeverCrashesHangsOrTakesMemory));
        var mutations = new Mutations(random);
        var refused = 0;
        for (var i = 0; i < Count; i++)
        {
            var message = mutations.Next();
            var sequence = i % 4 == 0 ? Messages.Cut(message, random.Next(message.Length + 1)) : new ReadOnlySequence<byte>(message);
            var before = GC.GetAllocatedBytesForCurrentThread();
            if (!TryWalk(sequence))
            {
                refused++;
            }

            // A refusal makes an exception with its message; text takes two bytes of memory for one of UTF-8.
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(
                allocated <= (16 * 1024) + (8 * message.Length),
                $"{allocated} bytes were allocated for the {message.Length} of {Convert.ToHexStringLower(message)}."
            );
        }

        Assert.InRange(refused, Count / 10, Count * 9 / 10);
    }

    [Fact]
    public void ASkipAndAWalkAgreeOnEveryMutatedMessageHoweverItIsCut()
    {
        var random = Printed.Random(of: nameof(ASkipAndAWalkAgreeOnEveryMutatedMessageHoweverItIsCut));
        var mutations = new Mutations(random);
        for (var i = 0; i < 20_000; i++)
        {
            var message = mutations.Next();
            var whole = new ReadOnlySequence<byte>(message);
            var cut = Messages.Cut(message, random.Next(message.Length + 1));
            var skipped = Skipped(whole);
            Assert.Equal(skipped, Skipped(cut));

            // A skip looks into neither text nor extensions, so it may pass what a walk refuses, but never the reverse.
            var walked = Walked(whole);
            Assert.Equal(walked, Walked(cut));
            Assert.True(walked is null || walked == skipped, Convert.ToHexStringLower(message));
        }
    }

    [Fact]
    public void EveryReadOfEveryMutatedMessageGivesAValueOrTheProtocolsError()
    {
        var random = Printed.Random(of: nameof(EveryReadOfEveryMutatedMessageGivesAValueOrTheProtocolsError));
        var mutations = new Mutations(random);
        Messages.Reading<object?>[] reads =
        [
            .. TypedReads.All.Select(typed => typed.Read),
            (ref reader) => reader.ReadDateTime(),
            (ref reader) => reader.ReadRaw(),
            (ref reader) => reader.TryReadArrayHeader(out _),
            Value.ReadFrom,
        ];
        for (var i = 0; i < 60_000; i++)
        {
            var message = mutations.Next();
            var read = reads[i % reads.Length];
            try
            {
                var reader = new MessagePackReader(message);
                while (!reader.End)
                {
                    var consumed = reader.Consumed;
                    read(ref reader);
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
        }
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

    /// <summary>Valid messages with a few of their bytes changed, taken away, repeated or put in.</summary>
    private sealed class Mutations
    {
        // The bytes that say most: headers with the widest lengths, and the never-used one.
        private static readonly byte[] Telling =
        [
            0x00,
            0x7f,
            0x80,
            0x9f,
            0xbf,
            0xc0,
            0xc1,
            0xc6,
            0xc9,
            0xcf,
            0xd3,
            0xd6,
            0xdb,
            0xdd,
            0xdf,
            0xe0,
            0xff,
        ];

        private readonly Random _random;
        private readonly byte[][] _seeds;

        public Mutations(Random random)
        {
            _random = random;
            var values = new RandomValues(random);
            _seeds = [.. Enumerable.Range(0, 500).Select(_ => values.Next().Written()).Where(message => message.Length <= 2_000)];
        }

        public byte[] Next()
        {
            var message = new List<byte>(_seeds[_random.Next(_seeds.Length)]);
            for (var left = _random.Next(1, 4); left > 0; left--)
            {
                Mutate(message);
            }

            return [.. message];
        }

        private void Mutate(List<byte> message)
        {
            var at = _random.Next(message.Count + 1);
            var length = Math.Min(_random.Next(1, 9), message.Count - at);
            switch (_random.Next(7))
            {
                case 0 when at < message.Count:
                    message[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 1 when at < message.Count:
                    message[at] = Telling[_random.Next(Telling.Length)];
                    break;
                case 2:
                    message.RemoveRange(at, message.Count - at);
                    break;
                case 3:
                    message.RemoveRange(at, length);
                    break;
                case 4:
                    message.InsertRange(at, message.GetRange(at, length));
                    break;
                case 5:
                    message.InsertRange(at, _seeds[_random.Next(_seeds.Length)].Take(64));
                    break;
                default:
                    message.Insert(at, Telling[_random.Next(Telling.Length)]);
                    break;
            }
        }
    }
}
