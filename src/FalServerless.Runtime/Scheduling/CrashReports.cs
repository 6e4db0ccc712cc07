using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Observability;
using FalServerless.Runtime.Workers;
using Microsoft.Extensions.Logging;

namespace FalServerless.Runtime.Scheduling;

/// <summary>Describes how a worker ended that had not been asked to end.</summary>
internal static class CrashReports
{
    /// <summary>To the log of the host.</summary>
    public static async Task WriteAsync(WorkerHandle worker, MachineType machineType, IReadOnlyList<HostCall> running, ILogger log)
    {
        var end = await worker.EndAsync();
        var calls =
            running.Count == 0
                ? "no call"
                : $"the {(running.Count == 1 ? "call" : "calls")} {string.Join(", ", running.Select(call => $"{call.Id:n}"))}";
        Log.WorkerCrashed(log, worker.Id, machineType.Name, end.Cause, calls, end.Describe(""));
    }

    /// <summary>To the caller of a call that ran on it.</summary>
    public static async Task RefuseAsync(WorkerHandle worker, HostCall call)
    {
        var end = await worker.EndAsync();
        call.Refuse(CrashRefusal.Of(worker, end, call.Events.LastLines()));
    }
}
