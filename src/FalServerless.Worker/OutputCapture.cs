using System.Text;

namespace FalServerless.Worker;

/// <summary>Stands in for <see cref="Console.Out"/> or <see cref="Console.Error"/>: what a call writes goes to that call, what belongs to none to the process's own stream.</summary>
internal sealed class OutputCapture : TextWriter
{
    private readonly TextWriter _process;
    private readonly Func<RunningCall, CallOutput> _stream;

    private OutputCapture(TextWriter process, Func<RunningCall, CallOutput> stream)
    {
        _process = process;
        _stream = stream;
        CoreNewLine = ['\n'];
    }

    public override Encoding Encoding => Encoding.UTF8;

    public static void Install()
    {
        Console.SetOut(new OutputCapture(ProcessStream(Console.OpenStandardOutput()), call => call.Output));
        Console.SetError(new OutputCapture(ProcessStream(Console.OpenStandardError()), call => call.Error));
    }

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (RunningCall.Current is not { } call)
        {
            _process.Write(buffer);
        }
        else
        {
            // What a thread writes after its call has ended is dropped: by the process's stream it would reach whatever call runs by then.
            _stream(call).Write(buffer);
        }
    }

    // One write a line: two would let another thread's text in between.
    public override void WriteLine(string? value) => Write(value + "\n");

    public override void WriteLine(ReadOnlySpan<char> buffer) => Write(string.Concat(buffer, "\n"));

    private static TextWriter ProcessStream(Stream stream) => Synchronized(new StreamWriter(stream) { AutoFlush = true });
}
