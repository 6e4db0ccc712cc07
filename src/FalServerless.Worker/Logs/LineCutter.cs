using System.Text;

namespace FalServerless.Worker.Logs;

/// <summary>Cuts what is written piece by piece into lines of one level.</summary>
internal sealed class LineCutter(CallLog log, LogEntryLevel level)
{
    // A body that never ends its line must not fill the memory: a longer one is sent in pieces.
    private const int LongestUnfinished = 32 * 1024;

    private StringBuilder? _unfinished;

    public void Write(ReadOnlySpan<char> text)
    {
        while (text.IndexOf('\n') is >= 0 and var end)
        {
            Send(text[..end]);
            text = text[(end + 1)..];
        }

        if (!text.IsEmpty)
        {
            _unfinished ??= new();
            _unfinished.Append(text);
            if (_unfinished.Length > LongestUnfinished && !char.IsHighSurrogate(text[^1]))
            {
                Send([]);
            }
        }
    }

    public void Flush()
    {
        if (_unfinished is { Length: > 0 })
        {
            Send([]);
        }
    }

    private void Send(ReadOnlySpan<char> lineEnd)
    {
        if (_unfinished is { Length: > 0 })
        {
            _unfinished.Append(lineEnd);
            var line = _unfinished.ToString();
            _unfinished.Clear();
            log.SendLine(level, line);
        }
        else
        {
            log.SendLine(level, lineEnd);
        }
    }
}
