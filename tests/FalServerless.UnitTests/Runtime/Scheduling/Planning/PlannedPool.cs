using FalServerless.Runtime.Scheduling.Planning;

namespace FalServerless.UnitTests.Runtime.Scheduling.Planning;

/// <summary>A pool whose state a test writes down.</summary>
internal sealed class PlannedPool(string machineType) : IPlannedPool
{
    public MachineType MachineType { get; } =
        MachineType.TryParse(machineType, out var parsed) ? parsed : throw new ArgumentException(machineType);

    public int MaximumWorkers { get; set; } = 100;

    public int KeptWorkers { get; set; }

    public int SlotsPerWorker { get; set; } = 1;

    /// <summary>The workers that take calls.</summary>
    public List<PlannedWorker> Workers { get; } = [];

    /// <summary>The calls that wait, in order.</summary>
    public List<WaitingCall> Waiting { get; } = [];

    public int StartingCount { get; set; }

    public TimeSpan RestartDelay { get; set; }

    public int WorkerCount => Workers.Count;

    public IReadOnlyList<IPlannedWorker> Free => [.. Workers.Where(worker => worker.FreeSlots > 0)];

    public int WaitingCount => Waiting.Count;

    public WaitingCall? FirstWaiting => WaitingAfter(0);

    public WaitingCall? WaitingAfter(long count) => count < Waiting.Count ? Waiting[(int)count] : null;

    public int SlotsForFirst(IPlannedWorker worker) => ((PlannedWorker)worker) is { IsSuited: true } suited ? suited.FreeSlots : 0;

    public bool SuitsWaiting(IPlannedWorker worker, long before = long.MaxValue) =>
        ((PlannedWorker)worker).IsSuited && Waiting.Exists(call => call.Turn < before);
}
