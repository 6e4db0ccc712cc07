using System.Buffers;
using System.Text;
using FalServerless.Protocol;
using FalServerless.Serialization.Messages;
using FalServerless.Transport;

namespace FalServerless.Worker;

/// <summary>One output stream of one call: cut into lines, each sent home at once, so that it is there before the result.</summary>
internal sealed class CallOutput(Guid invocation, WorkerConnection home, LogEntryLevel level)
{
    // A body that never ends its line must not fill the memory: a longer one is sent in pieces.
    private const int LongestLine = 32 * 1024;

    private readonly Lock _lock = new();
    private StringBuilder? _unfinished;
    private ArrayBufferWriter<byte>? _frame;
    private bool _closed;

    /// <summary>Does nothing once the call has ended.</summary>
    public void Write(ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
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
                if (_unfinished.Length > LongestLine)
                {
                    Send([]);
                }
            }
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            if (_unfinished is { Length: > 0 })
            {
                Send([]);
            }

            _closed = true;
        }
    }

    private void Send(ReadOnlySpan<char> lineEnd)
    {
        if (_unfinished is { Length: > 0 })
        {
            _unfinished.Append(lineEnd);
            SendLine(_unfinished.ToString());
            _unfinished.Clear();
        }
        else
        {
            SendLine(lineEnd);
        }
    }

    private void SendLine(ReadOnlySpan<char> line)
    {
        _frame ??= new();
        _frame.ResetWrittenCount();
        LogEntryCodec.Write(_frame, level, LogEntrySource.User, TimeProvider.System.GetUtcNow(), line.TrimEnd('\r'));
        home.Write(WorkerFrameKind.Log, invocation, _frame.WrittenSpan);
    }
}
