using FalServerless.Runtime.Calls;

namespace FalServerless.Runtime.Workers.Processes;

/// <summary>
/// What a process printed last. From where .NET announces the end the first lines say most, a stack overflow's thousands of frames being
/// much alike; before that the last ones. Safe for several threads.
/// </summary>
internal sealed class CrashOutput
{
    private const int KeptLines = 12;

    private static readonly string[] Announcements =
    [
        "Stack overflow.",
        "Out of memory.",
        "Unhandled exception.",
        "Process terminated.",
        "Fatal error.",
    ];

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();
    private bool _isAnnounced;

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <param name="line">What was printed.</param>
    /// <param name="isError">Whether it went to the standard error, where .NET announces an end.</param>
    public void Add(string line, bool isError)
    {
        var cut = LineLimit.Cut(line);
        lock (_lock)
        {
            if (isError && !_isAnnounced && Array.Exists(Announcements, words => line.StartsWith(words, StringComparison.Ordinal)))
            {
                _isAnnounced = true;
                _lines.Clear();
            }

            if (_lines.Count < KeptLines)
            {
                _lines.Enqueue(cut);
            }
            else if (!_isAnnounced)
            {
                _lines.Dequeue();
                _lines.Enqueue(cut);
            }
        }
    }

    /// <summary>What was printed so far was not the end.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _lines.Clear();
        }
    }
}
