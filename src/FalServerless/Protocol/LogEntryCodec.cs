using System.Buffers;
using FalServerless.Wire;

namespace FalServerless.Protocol;

/// <summary><c>[level, source, time, message]</c>.</summary>
internal static class LogEntryCodec
{
    private const int Parts = 4;

    public static void Write(
        IBufferWriter<byte> output,
        LogEntryLevel level,
        LogEntrySource source,
        DateTimeOffset time,
        ReadOnlySpan<char> message
    )
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(Parts);
        writer.Write((int)level);
        writer.Write((int)source);
        writer.Write(time.UtcDateTime);
        writer.Write(message);
        writer.Flush();
    }

    /// <exception cref="ProtocolException">The bytes are not a log entry.</exception>
    public static LogEntry Read(in ReadOnlySequence<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        var entry = Read(ref reader);
        MessageParts.CheckEnd(reader, "A log entry");
        return entry;
    }

    /// <exception cref="ProtocolException">The bytes are not a list of log entries.</exception>
    public static IReadOnlyList<LogEntry> ReadAll(in ReadOnlySequence<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        var entries = new List<LogEntry>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            entries.Add(Read(ref reader));
        }

        MessageParts.CheckEnd(reader, "A list of log entries");
        return entries;
    }

    private static LogEntry Read(ref MessagePackReader reader)
    {
        MessageParts.CheckCount(reader.ReadArrayHeader(), Parts, "A log entry");
        return new()
        {
            Level = (LogEntryLevel)reader.ReadInt32(),
            Source = (LogEntrySource)reader.ReadInt32(),
            Time = new DateTimeOffset(reader.ReadDateTime()),
            Message = reader.ReadString() ?? "",
        };
    }
}
