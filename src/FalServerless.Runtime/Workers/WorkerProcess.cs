using System.Diagnostics;
using System.Globalization;

namespace FalServerless.Runtime.Workers;

/// <summary>The process of a worker: what it prints past its console, its end, and the words for that.</summary>
internal sealed class WorkerProcess
{
    private const int KeptLines = 12;
    private const int SignalBase = 128;

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private static readonly Dictionary<int, string> Signals = new()
    {
        [4] = "SIGILL",
        [6] = "SIGABRT",
        [7] = "SIGBUS",
        [8] = "SIGFPE",
        [9] = "SIGKILL",
        [11] = "SIGSEGV",
        [15] = "SIGTERM",
    };

    private readonly Process _process;
    private readonly Queue<string> _lastWords = new();
    private readonly OutputPipe _output;
    private readonly OutputPipe _error;
    private readonly Task _outputEnd;

    public WorkerProcess(Process process)
    {
        _process = process;
        Exited = process.WaitForExitAsync();
        _output = new(process.StandardOutput, line => Print(line, isError: false));
        _error = new(process.StandardError, line => Print(line, isError: true));
        _outputEnd = Task.WhenAll(ReadToEnd(_output, "output"), ReadToEnd(_error, "errors"));
    }

    /// <summary>Gets lines that the process printed past <see cref="Console"/>, native code's for instance.</summary>
    public Action<string, bool>? LinePrinted { get; set; }

    /// <summary>Blocks while there is no room for further lines.</summary>
    public Action? WaitForRoom { get; set; }

    /// <summary>Whether the kernel killed it, or a process of its, for want of memory; asked once it has ended.</summary>
    public Func<bool>? RanOutOfMemory { get; set; }

    /// <summary>What it is limited to once it is claimed.</summary>
    public WorkerLimits Limits { get; init; } = WorkerLimits.None;

    public int Id => _process.Id;

    public Task Exited { get; }

    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>How much memory it holds now; zero when it is gone.</summary>
    public long ResidentBytes
    {
        get
        {
            try
            {
                if (OperatingSystem.IsLinux())
                {
                    // In pages: all, resident, shared, …; cheaper than what Process reads, since it is asked for after a call.
                    var counts = File.ReadAllText($"/proc/{Id}/statm").Split(' ');
                    return long.Parse(counts[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
                }

                using var process = Process.GetProcessById(Id);
                return process.WorkingSet64;
            }
            catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException)
            {
                return 0;
            }
        }
    }

    /// <summary>Hands on every line that was printed until now.</summary>
    public void DrainOutput()
    {
        _output.Drain();
        _error.Drain();
    }

    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
        }
    }

    /// <summary>Kills it for a reason that its end is then described with.</summary>
    public void Kill(string reason)
    {
        Keep(reason);
        Kill();
    }

    /// <summary>How the process ended, in words for its caller. Waits a little for the exit and the last lines.</summary>
    public async Task<string> DescribeEndAsync()
    {
        await Task.WhenAny(Task.WhenAll(Exited, _outputEnd), Task.Delay(EndLimit));
        var end = ExitCode switch
        {
            null => "it closed its connection and did not end",
            > SignalBase and var code when Signals.TryGetValue(code - SignalBase, out var signal) => $"it was ended by {signal}",
            > SignalBase and var code => $"it was ended by signal {code - SignalBase}",
            var code => $"it exited with code {code}",
        };
        lock (_lastWords)
        {
            return _lastWords.Count == 0 ? $"{end}." : $"{end}. Its last words:\n{string.Join('\n', _lastWords)}";
        }
    }

    private void Print(string line, bool isError)
    {
        LinePrinted?.Invoke(line, isError);
        Keep(line);
    }

    private void Keep(string line)
    {
        lock (_lastWords)
        {
            // A stack overflow prints its cause first and then thousands of frames: the first lines say most.
            if (_lastWords.Count < KeptLines)
            {
                _lastWords.Enqueue(line);
            }
        }
    }

    // Threads of their own: a pipe that nobody reads blocks the body that prints, and a starved pool must not.
    private Task ReadToEnd(OutputPipe pipe, string name)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            using (pipe)
            {
                do
                {
                    WaitForRoom?.Invoke();
                }
                while (pipe.Read());
            }

            end.SetResult();
        })
        {
            IsBackground = true,
            Name = $"worker {name}",
        };
        thread.Start();
        return end.Task;
    }
}
