using System.Buffers;
using FalServerless.Wire;

namespace FalServerless.Tests.Shared.Wire;

/// <summary>Messages made by hand: from what is written, from hexadecimal digits, and cut into segments.</summary>
internal static class Messages
{
    public delegate void Writing(ref MessagePackWriter writer);

    public delegate T Reading<out T>(ref MessagePackReader reader);

    public static byte[] Written(Writing write)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        write(ref writer);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    public static string WrittenHex(Writing write) => Convert.ToHexStringLower(Written(write));

    /// <summary>The bytes of digits that may be spaced for the eye.</summary>
    public static byte[] FromHex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>Reads one value and asserts that it is the whole message.</summary>
    public static T Read<T>(byte[] message, Reading<T> read) => Read(new ReadOnlySequence<byte>(message), read);

    public static T Read<T>(ReadOnlySequence<byte> message, Reading<T> read)
    {
        var reader = new MessagePackReader(message);
        var value = read(ref reader);
        Assert.True(reader.End, $"{reader.Remaining} bytes are left of {Convert.ToHexStringLower(message.ToArray())}.");
        return value;
    }

    /// <summary>Asserts that reading fails, and with the protocol's own error.</summary>
    public static ProtocolException Refused<T>(byte[] message, Reading<T> read) =>
        Assert.Throws<ProtocolException>(() =>
        {
            var reader = new MessagePackReader(message);
            read(ref reader);
        });

    /// <summary>The message in segments that end at the given places; equal places make empty segments.</summary>
    public static ReadOnlySequence<byte> Cut(byte[] message, params ReadOnlySpan<int> places)
    {
        var first = new Segment(message.AsMemory(0, places.Length == 0 ? message.Length : places[0]), 0);
        var last = first;
        for (var i = 0; i < places.Length; i++)
        {
            var end = i + 1 < places.Length ? places[i + 1] : message.Length;
            last = last.Append(message.AsMemory(places[i]..end));
        }

        return new(first, 0, last, last.Memory.Length);
    }

    /// <summary>The message with every byte in a segment of its own.</summary>
    public static ReadOnlySequence<byte> CutEverywhere(byte[] message) => Cut(message, [.. Enumerable.Range(0, message.Length + 1)]);

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
