using System.Buffers;
using FalServerless.Serialization.Messages;
using FalServerless.Worker.Events;

namespace FalServerless.Worker.Logs;

/// <summary>The log of one call, from whichever source: cut into lines, each sent home at once, so that it is there before the result.</summary>
internal sealed class CallLog(CallEvents events)
{
    // Three bytes of UTF-8 a character at most: a piece fits into what is left of a call's window while the gateway still gathers credit.
    private const int LongestLine = 128 * 1024;

    private readonly Lock _lock = new();
    private readonly LineCutter?[] _cutters = new LineCutter?[(int)LogEntryLevel.Error + 1];
    private ArrayBufferWriter<byte>? _entry;
    private bool _closed;

    /// <summary>Adds to the level's unfinished line. Does nothing once the call has ended.</summary>
    public void Write(LogEntryLevel level, ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                (_cutters[(int)level] ??= new(this, level)).Write(text);
            }
        }
    }

    /// <summary>Writes lines of their own, whatever stands unfinished. Does nothing once the call has ended.</summary>
    public void WriteLines(LogEntryLevel level, ReadOnlySpan<char> lines)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                while (lines.IndexOf('\n') is >= 0 and var end)
                {
                    SendLine(level, lines[..end]);
                    lines = lines[(end + 1)..];
                }

                SendLine(level, lines);
            }
        }
    }

    /// <summary>Sends unfinished lines; what is written later is dropped.</summary>
    public void Close()
    {
        lock (_lock)
        {
            foreach (var cutter in _cutters)
            {
                cutter?.Flush();
            }

            _closed = true;
        }
    }

    /// <summary>For the cutters, under the lock that they are written to.</summary>
    internal void SendLine(LogEntryLevel level, ReadOnlySpan<char> line)
    {
        line = line.TrimEnd('\r');
        while (line.Length > LongestLine)
        {
            var length = char.IsHighSurrogate(line[LongestLine - 1]) ? LongestLine - 1 : LongestLine;
            SendEntry(level, line[..length]);
            line = line[length..];
        }

        SendEntry(level, line);
    }

    private void SendEntry(LogEntryLevel level, ReadOnlySpan<char> line)
    {
        _entry ??= new();
        _entry.ResetWrittenCount();
        LogEntryCodec.Write(_entry, level, LogEntrySource.User, TimeProvider.System.GetUtcNow(), line);
        events.SendLog(_entry.WrittenSpan);
    }
}
