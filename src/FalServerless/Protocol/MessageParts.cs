using System.Buffers;
using FalServerless.Wire;

namespace FalServerless.Protocol;

/// <summary>What the messages of the protocol have in common.</summary>
internal static class MessageParts
{
    // The longest time that a timer takes: a longer one would fail where it is used.
    private const long LongestMilliseconds = uint.MaxValue - 1;

    public static void WriteGuid(ref MessagePackWriter writer, Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        writer.Write(bytes);
    }

    public static Guid ReadGuid(ref MessagePackReader reader)
    {
        Span<byte> bytes = stackalloc byte[16];
        ReadExactly(ref reader, bytes, "an id");
        return new(bytes);
    }

    public static void WriteHash(ref MessagePackWriter writer, ContentHash hash) => writer.Write(hash.Bytes);

    public static void WriteHash(ref MessagePackWriter writer, ContentHash? hash)
    {
        if (hash is { } given)
        {
            WriteHash(ref writer, given);
        }
        else
        {
            writer.WriteNil();
        }
    }

    public static ContentHash? ReadHashOrNil(ref MessagePackReader reader) => reader.TryReadNil() ? null : ReadHash(ref reader);

    public static ContentHash ReadHash(ref MessagePackReader reader)
    {
        var hash = default(ContentHash);
        ReadExactly(ref reader, hash.Bytes, "a content hash");
        return hash;
    }

    public static void WriteMilliseconds(ref MessagePackWriter writer, TimeSpan? time)
    {
        if (time is { } given)
        {
            writer.Write((long)given.TotalMilliseconds);
        }
        else
        {
            writer.WriteNil();
        }
    }

    public static TimeSpan? ReadMilliseconds(ref MessagePackReader reader)
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        var milliseconds = reader.ReadInt64();
        return milliseconds is >= 0 and <= LongestMilliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new ProtocolException($"A time of {milliseconds} ms is out of range.");
    }

    public static void WriteTime(ref MessagePackWriter writer, DateTimeOffset? time)
    {
        if (time is { } given)
        {
            writer.Write(given.UtcDateTime);
        }
        else
        {
            writer.WriteNil();
        }
    }

    public static DateTimeOffset? ReadTime(ref MessagePackReader reader) =>
        reader.TryReadNil() ? null : new DateTimeOffset(reader.ReadDateTime());

    /// <exception cref="ProtocolException">There are too many, or one is empty or too long.</exception>
    public static string[] ReadRequirements(ref MessagePackReader reader)
    {
        var count = reader.ReadArrayHeader();
        if (count > ProtocolLimits.MaximumRequirements)
        {
            throw new ProtocolException($"A request has {count} requirements; the limit is {ProtocolLimits.MaximumRequirements}.");
        }

        var requirements = new string[count];
        for (var i = 0; i < count; i++)
        {
            requirements[i] = reader.ReadString() is { Length: > 0 and <= ProtocolLimits.LongestRequirement } requirement
                ? requirement
                : throw new ProtocolException(
                    $"A requirement of a request is empty, or longer than {ProtocolLimits.LongestRequirement} characters."
                );
        }

        return requirements;
    }

    public static void CheckCount(int count, int expected, string what)
    {
        if (count != expected)
        {
            throw new ProtocolException($"{what} has {expected} parts, not {count}.");
        }
    }

    public static void CheckEnd(in MessagePackReader reader, string what)
    {
        if (!reader.End)
        {
            throw new ProtocolException($"{what} is followed by {reader.Remaining} bytes that do not belong to it.");
        }
    }

    private static void ReadExactly(ref MessagePackReader reader, scoped Span<byte> destination, string what)
    {
        var bytes = reader.ReadBytes();
        if (bytes is null || bytes.Value.Length != destination.Length)
        {
            throw new ProtocolException($"Expected {what} of {destination.Length} bytes, found {bytes?.Length ?? 0}.");
        }

        bytes.Value.CopyTo(destination);
    }
}
