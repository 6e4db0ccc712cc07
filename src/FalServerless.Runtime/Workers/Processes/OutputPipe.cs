using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;

namespace FalServerless.Runtime.Workers.Processes;

/// <summary>
/// One output stream of a worker's process, cut into lines. It is read under a lock only, and where the system tells what waits in it, only
/// as much as is there: so a holder of the lock that finds it empty knows that every byte written so far has been handled.
/// </summary>
internal sealed partial class OutputPipe : IDisposable
{
    /// <summary>A longer line comes in pieces.</summary>
    private const int LongestLine = 32 * 1024;

    /// <summary>How long an unfinished line waits for its end, in milliseconds.</summary>
    private const int UnfinishedLimit = 500;

    private const short Readable = 1;
    private const int Interrupted = 4;

    private readonly AnonymousPipeClientStream _stream;
    private readonly int _file;
    private readonly Action<string> _print;
    private readonly Lock _reading = new();
    private readonly byte[] _line = new byte[LongestLine];
    private int _length;
    private long _begun;
    private bool _isContinued;
    private bool _closed;

    /// <param name="output">Only this may read it.</param>
    /// <param name="print">Gets each line, under the lock.</param>
    public OutputPipe(StreamReader output, Action<string> print)
    {
        _stream = (AnonymousPipeClientStream)output.BaseStream;
        _file = (int)_stream.SafePipeHandle.DangerousGetHandle();
        _print = print;
    }

    // Linux and macOS number the same request differently; elsewhere there is none, and what a process prints just before its answer may
    // come after it.
    private static nuint CountRequest { get; } =
        OperatingSystem.IsLinux() ? 0x541B
        : OperatingSystem.IsMacOS() ? 0x4004667Fu
        : (nuint)0;

    /// <summary>Waits for bytes and reads them.</summary>
    /// <returns>False at the end of the stream.</returns>
    public bool Read()
    {
        if (CountRequest == 0)
        {
            return ReadBlocking();
        }

        var waited = new PollFile { File = _file, Events = Readable };
        var left =
            Volatile.Read(ref _length) == 0
                ? Timeout.Infinite
                : (int)Math.Max(0, Volatile.Read(ref _begun) + UnfinishedLimit - Environment.TickCount64);
        var isReadable = left != 0 && Poll(ref waited, 1, left) != 0;
        lock (_reading)
        {
            if (isReadable)
            {
                return Take() != 0;
            }

            // Progress that ends no line is of use while it is made only.
            PrintOverdue();
            return true;
        }
    }

    /// <summary>Prints all that was written so far, an unfinished line too. Costs one system call when that is nothing.</summary>
    public void Drain()
    {
        if (CountRequest == 0)
        {
            return;
        }

        lock (_reading)
        {
            // No more than a pipe holds was written before now; a thread that goes on writing is not waited for.
            for (var left = Count(); left > 0; )
            {
                left -= Math.Max(Take(), 1);
            }

            PrintUnfinished();
        }
    }

    /// <summary>Closes the stream and prints what is left of it.</summary>
    public void Dispose()
    {
        lock (_reading)
        {
            PrintUnfinished();
            _closed = true;
            _stream.Dispose();
        }
    }

    private static int Utf8End(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.Length;
        while (end > 0 && bytes.Length - end < 4)
        {
            var last = bytes[--end];
            if (last < 0x80)
            {
                return bytes.Length;
            }

            if (last >= 0xC0)
            {
                // The first byte of a character tells how many belong to it.
                var size =
                    last >= 0xF0 ? 4
                    : last >= 0xE0 ? 3
                    : 2;
                return bytes.Length - end >= size ? bytes.Length : end;
            }
        }

        return bytes.Length;
    }

    private int Count()
    {
        if (_closed)
        {
            return 0;
        }

        return Control(_file, CountRequest, out var count) == 0 ? count : 0;
    }

    private bool ReadBlocking()
    {
        Span<byte> bytes = stackalloc byte[4096];
        var count = _stream.Read(bytes);
        lock (_reading)
        {
            for (var read = bytes[..count]; !read.IsEmpty; )
            {
                var taken = Math.Min(read.Length, LongestLine - _length);
                read[..taken].CopyTo(_line.AsSpan(_length));
                Cut(taken);
                read = read[taken..];
            }
        }

        return count > 0;
    }

    // How many bytes it took: none at the end of the stream, a negative number when there are none yet.
    private int Take()
    {
        // Another thread may have taken what the poll saw; then there is nothing to wait for under the lock.
        if (Count() == 0 && !IsAtEnd())
        {
            return -1;
        }

        var count = (int)Read(_file, ref _line[_length], (nuint)(LongestLine - _length));
        if (count < 0)
        {
            // A signal came between; anything else is as good as the end.
            return Marshal.GetLastPInvokeError() == Interrupted ? -1 : 0;
        }

        Cut(count);
        return count;
    }

    private bool IsAtEnd()
    {
        var waited = new PollFile { File = _file, Events = Readable };
        return Poll(ref waited, 1, 0) > 0 && Count() == 0;
    }

    private void Cut(int count)
    {
        var bytes = _line.AsSpan(0, _length + count);
        var at = _length;
        if (_isContinued && count > 0)
        {
            // The end of a line that is printed already is not an empty line.
            _isContinued = false;
            bytes =
                bytes.StartsWith("\r\n"u8) ? bytes[2..]
                : bytes.StartsWith("\n"u8) ? bytes[1..]
                : bytes;
        }

        if (at == 0)
        {
            _begun = Environment.TickCount64;
        }

        while (bytes[at..].IndexOf((byte)'\n') is >= 0 and var end)
        {
            Print(bytes[..(at + end)]);
            bytes = bytes[(at + end + 1)..];
            at = 0;
            _begun = Environment.TickCount64;
        }

        if (bytes.Length == LongestLine)
        {
            var whole = Utf8End(bytes);
            Print(bytes[..whole]);
            bytes = bytes[whole..];
        }

        bytes.CopyTo(_line);
        _length = bytes.Length;
    }

    private void PrintOverdue()
    {
        if (_length == 0 || Environment.TickCount64 - _begun < UnfinishedLimit)
        {
            return;
        }

        var line = _line.AsSpan(0, _length);
        var whole = Utf8End(line);
        if (whole > 0)
        {
            Print(line[..whole]);
            _isContinued = whole == _length;
        }

        line[whole..].CopyTo(_line);
        _length -= whole;
        _begun = Environment.TickCount64;
    }

    private void PrintUnfinished()
    {
        _isContinued = false;
        if (_length > 0)
        {
            var length = _length;
            _length = 0;
            Print(_line.AsSpan(0, length));
        }
    }

    private void Print(ReadOnlySpan<byte> line) => _print(Encoding.UTF8.GetString(line.TrimEnd((byte)'\r')));

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int file, nuint request, out int count);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int file, ref byte bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollFile files, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFile
    {
        public int File;
        public short Events;
        public short Returned;
    }
}
