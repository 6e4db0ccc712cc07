using System.Buffers;
using FalServerless.Protocol;

namespace FalServerless.Runtime.Workers;

/// <summary>
/// The last lines that a worker's calls wrote and its process printed; a bounded number of bounded lines. Safe for several threads.
/// </summary>
internal sealed class WorkerLog
{
    private const int MaximumLines = 1_000;
    private const int MaximumBytes = 256 << 10;

    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _lines = new();
    private int _bytes;

    /// <param name="line">As it goes to the caller; copied.</param>
    public void Add(ReadOnlySpan<byte> line)
    {
        if (line.Length > MaximumBytes)
        {
            return;
        }

        lock (_lock)
        {
            _lines.Enqueue(line.ToArray());
            _bytes += line.Length;
            while (_bytes > MaximumBytes || _lines.Count > MaximumLines)
            {
                _bytes -= _lines.Dequeue().Length;
            }
        }
    }

    /// <summary>So many of the last lines, oldest first. What a worker wrote that is no line is left out.</summary>
    public IReadOnlyList<LogEntry> Last(int count)
    {
        byte[][] lines;
        lock (_lock)
        {
            lines = [.. _lines.Skip(Math.Max(0, _lines.Count - count))];
        }

        return [.. lines.Select(Read).OfType<LogEntry>()];
    }

    private static LogEntry? Read(byte[] line)
    {
        try
        {
            return LogEntryCodec.Read(new ReadOnlySequence<byte>(line));
        }
        catch (ProtocolException)
        {
            return null;
        }
    }
}
