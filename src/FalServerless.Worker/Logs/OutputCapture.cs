using System.Text;

namespace FalServerless.Worker.Logs;

/// <summary>
/// Replaces <see cref="Console.Out"/> or <see cref="Console.Error"/>: what a call writes is sent to that call, what belongs to none to
/// the process's own stream.
/// </summary>
internal sealed class OutputCapture : TextWriter
{
    private readonly TextWriter _process;
    private readonly LogEntryLevel _level;
    private readonly Func<bool> _isInCall;
    private readonly Func<CallLog?> _current;

    private OutputCapture(Stream process, LogEntryLevel level, Func<bool> isInCall, Func<CallLog?> current)
    {
        _process = Synchronized(new StreamWriter(process) { AutoFlush = true });
        _level = level;
        _isInCall = isInCall;
        _current = current;
        CoreNewLine = ['\n'];
    }

    public override Encoding Encoding => Encoding.UTF8;

    /// <param name="isInCall">Whether the current flow of execution belongs to a call, ended or not.</param>
    /// <param name="current">The log of that call; null outside any, and once the call has ended.</param>
    public static void Install(Func<bool> isInCall, Func<CallLog?> current)
    {
        Console.SetOut(new OutputCapture(Console.OpenStandardOutput(), LogEntryLevel.Info, isInCall, current));
        Console.SetError(new OutputCapture(Console.OpenStandardError(), LogEntryLevel.Error, isInCall, current));
    }

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (_current() is { } log)
        {
            log.Write(_level, buffer);
        }
        else if (!_isInCall())
        {
            // What a thread writes after its call has ended is dropped: by the process's stream it would reach whatever call runs by then.
            _process.Write(buffer);
        }
    }

    // One write a line: two would let another thread's text in between.
    public override void WriteLine(string? value) => Write(value + "\n");

    public override void WriteLine(ReadOnlySpan<char> buffer) => Write(string.Concat(buffer, "\n"));
}
