using System.Diagnostics;
using System.Globalization;

namespace FalServerless.Runtime.Workers.Processes;

/// <summary>The process of a worker: what it prints past its console, and its end.</summary>
internal sealed class WorkerProcess : IWorker
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long the process may take from closing its connection to its end; a dump of its memory may come between.</summary>
    private static readonly TimeSpan ClosingLimit = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly CrashOutput _lastWords = new();
    private readonly OutputPipe _output;
    private readonly OutputPipe _error;
    private readonly Task _outputEnd;
    private volatile bool _isEndedByHost;

    public WorkerProcess(Process process)
    {
        _process = process;
        Id = process.Id.ToString(CultureInfo.InvariantCulture);
        Exited = process.WaitForExitAsync();
        _output = new(process.StandardOutput, line => Print(line, isError: false));
        _error = new(process.StandardError, line => Print(line, isError: true));
        _outputEnd = Task.WhenAll(ReadToEnd(_output, "output"), ReadToEnd(_error, "errors"));
    }

    public Action<string, bool>? LinePrinted { get; set; }

    public Action? WaitForRoom { get; set; }

    /// <summary>Whether the kernel killed it, or a process of its, out of memory; asked once it has ended.</summary>
    public Func<bool>? RanOutOfMemory { get; set; }

    /// <summary>What it is limited to once it is claimed.</summary>
    public WorkerLimits Limits { get; init; } = WorkerLimits.None;

    public string Id { get; }

    public int ProcessId => _process.Id;

    public Task Exited { get; }

    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    public long ResidentBytes
    {
        get
        {
            try
            {
                if (OperatingSystem.IsLinux())
                {
                    // In pages: all, resident, shared, …; cheaper than what Process reads, since it is asked for after a call.
                    var counts = File.ReadAllText($"/proc/{ProcessId}/statm").Split(' ');
                    return long.Parse(counts[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
                }

                using var process = Process.GetProcessById(ProcessId);
                return process.WorkingSet64;
            }
            catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException)
            {
                return 0;
            }
        }
    }

    public void DrainOutput()
    {
        _output.Drain();
        _error.Drain();
    }

    public long? HeapLimit(MachineType machineType) => Limits.HeapLimit(machineType);

    public void Limit(MachineType machineType) => Limits.Apply(machineType);

    public void LiftCpuLimit() => Limits.LiftCpuLimit();

    public void ForgetOutput() => _lastWords.Forget();

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

    public void Kill(string reason)
    {
        _lastWords.Add(reason, isError: false);
        Kill();
    }

    public void KillUnlessEnding()
    {
        if (!_process.WaitForExit(ClosingLimit))
        {
            _isEndedByHost = true;
            Kill();
        }
    }

    public async Task<WorkerEnd> EndAsync()
    {
        await Task.WhenAny(Task.WhenAll(Exited, _outputEnd), Task.Delay(EndLimit));
        return WorkerEnd.Of(ExitCode, _isEndedByHost, RanOutOfMemory?.Invoke() == true, _lastWords.Lines);
    }

    private void Print(string line, bool isError)
    {
        LinePrinted?.Invoke(line, isError);
        _lastWords.Add(line, isError);
    }

    // Threads of their own: a pipe that is not read blocks the body that prints, and a starved pool must not.
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
                } while (pipe.Read());
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
