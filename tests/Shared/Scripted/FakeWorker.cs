using System.Collections.Concurrent;
using System.Globalization;
using FalServerless.Runtime.Workers;

namespace FalServerless.Tests.Shared.Scripted;

/// <summary>A worker without a process: it lives until it is killed, and what it prints waits until it is drained.</summary>
internal sealed class FakeWorker : IWorker
{
    private const int ExitCodeOfAKill = 128 + 9;

    private static int _count;

    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<(string Line, bool IsError)> _printed = new();
    private volatile bool _isEndedByHost;
    private volatile string? _reason;

    public int Number { get; } = Interlocked.Increment(ref _count);

    public string Id => Number.ToString(CultureInfo.InvariantCulture);

    public Task Exited => _exited.Task;

    public long ResidentBytes => Exited.IsCompleted ? 0 : 1 << 20;

    public Action<string, bool>? LinePrinted { get; set; }

    public Action? WaitForRoom { get; set; }

    public void Print(string line, bool isError) => _printed.Enqueue((line, isError));

    public long? HeapLimit(MachineType machineType) => null;

    public void Limit(MachineType machineType) { }

    public void LiftCpuLimit() { }

    public void DrainOutput()
    {
        while (_printed.TryDequeue(out var printed))
        {
            LinePrinted?.Invoke(printed.Line, printed.IsError);
        }
    }

    public void ForgetOutput() { }

    public void Kill() => _exited.TrySetResult();

    public void Kill(string reason)
    {
        _reason = reason;
        Kill();
    }

    public void KillUnlessEnding()
    {
        _isEndedByHost |= !Exited.IsCompleted;
        Kill();
    }

    public Task<WorkerEnd> EndAsync() =>
        Task.FromResult(
            WorkerEnd.Of(
                Exited.IsCompleted ? ExitCodeOfAKill : null,
                _isEndedByHost,
                ranOutOfMemory: false,
                _reason is { } reason ? [reason] : []
            )
        );
}
