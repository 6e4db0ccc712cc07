using System.Text;

namespace FalServerless.Worker.Logs;

/// <summary>Cuts what is written piece by piece into lines of one level.</summary>
internal sealed class LineSplitter(CallLog log, LogEntryLevel level)
{
    // A body that never ends its line must not fill the memory: a longer one is sent in pieces.
    private const int LongestUnfinished = 32 * 1024;

    private StringBuilder? _unfinished;
    private bool _isContinued;

    public bool HasUnfinished => _unfinished is { Length: > 0 };

    /// <summary>Sends what is unfinished where that can be done at once; what follows is a line of its own.</summary>
    /// <returns>False where there is something yet to send.</returns>
    public bool TrySendUnfinished()
    {
        if (HasUnfinished)
        {
            if (!log.TrySendLine(level, _unfinished!.ToString()))
            {
                return false;
            }

            _unfinished.Clear();
            _isContinued = true;
        }

        return true;
    }

    public void Write(ReadOnlySpan<char> text)
    {
        if (_isContinued && !text.IsEmpty)
        {
            // The end of a line that is away already is not an empty line.
            _isContinued = false;
            text =
                text is ['\n', ..] ? text[1..]
                : text is ['\r', '\n', ..] ? text[2..]
                : text;
        }

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
