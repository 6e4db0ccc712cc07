using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Worker.Events;

namespace FalServerless.Worker.Logs;

/// <summary>
/// The log of one call, from whichever source: cut into lines, each sent to the gateway at once, so that it is there before the result.
/// </summary>
internal sealed class CallLog(CallEvents events)
{
    // Three bytes of UTF-8 a character at most: a piece fits into what is left of a call's window while the gateway still gathers credit.
    private const int LongestLine = 128 * 1024;

    private static readonly TimeSpan UnfinishedLimit = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly LineSplitter?[] _cutters = new LineSplitter?[(int)LogEntryLevel.Error + 1];
    private ArrayBufferWriter<byte>? _entry;
    private ITimer? _timer;
    private bool _isTimerSet;
    private bool _closed;

    /// <summary>Adds to the level's unfinished line. Does nothing once the call has ended.</summary>
    public void Write(LogEntryLevel level, ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                var cutter = _cutters[(int)level] ??= new(this, level);
                cutter.Write(text);
                if (cutter.HasUnfinished && !_isTimerSet)
                {
                    SetTimer();
                }
            }
        }
    }

    /// <summary>Writes lines of their own, whatever line is unfinished. Does nothing once the call has ended.</summary>
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
            _timer?.Dispose();
        }
    }

    /// <summary>For the cutters: sends a line where that can be done at once.</summary>
    internal bool TrySendLine(LogEntryLevel level, ReadOnlySpan<char> line) => events.TrySendLog(Entry(level, line.TrimEnd('\r')));

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

    private void SendEntry(LogEntryLevel level, ReadOnlySpan<char> line) => events.SendLog(Entry(level, line));

    private ReadOnlySpan<byte> Entry(LogEntryLevel level, ReadOnlySpan<char> line)
    {
        _entry ??= new();
        _entry.ResetWrittenCount();
        LogEntryCodec.Write(_entry, level, LogEntrySource.User, TimeProvider.System.GetUtcNow(), line);
        return _entry.WrittenSpan;
    }

    private void SetTimer()
    {
        _isTimerSet = true;
        if (_timer is null)
        {
            // What the timer does belongs to no body's flow.
            using var suppressed = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
            _timer = TimeProvider.System.CreateTimer(
                static log => ((CallLog)log!).SendUnfinished(),
                this,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan
            );
        }

        _timer.Change(UnfinishedLimit, Timeout.InfiniteTimeSpan);
    }

    // Progress that ends no line (50%…) is of use while it is made only. A thread of the pool does not wait for the writer, nor for the
    // reader: it comes again.
    private void SendUnfinished()
    {
        if (!_lock.TryEnter())
        {
            _timer!.Change(UnfinishedLimit, Timeout.InfiniteTimeSpan);
            return;
        }

        try
        {
            _isTimerSet = false;
            if (_closed)
            {
                return;
            }

            var isAllSent = true;
            foreach (var cutter in _cutters)
            {
                isAllSent &= cutter?.TrySendUnfinished() ?? true;
            }

            if (!isAllSent)
            {
                SetTimer();
            }
        }
        finally
        {
            _lock.Exit();
        }
    }
}
