using FalServerless.Protocol.Http;

namespace FalServerless.Runtime.Workers;

/// <summary>What the caller of a crashed worker is told: how it ended, and what to do next.</summary>
internal static class CrashRefusal
{
    /// <param name="worker">The worker that ended.</param>
    /// <param name="end">How.</param>
    /// <param name="lines">The last lines of the call's log.</param>
    public static Refusal Of(WorkerHandle worker, WorkerEnd end, IReadOnlyList<string> lines) =>
        new()
        {
            Reason = RefusalReason.WorkerCrashed,
            Message =
                $"The worker (process {worker.Id}, machine type '{worker.MachineType}') ended while it ran the call: "
                + $"{end.Describe(Hint(end, worker.MachineType))}",
            ExitCode = end.ExitCode,
            Cause = end.Cause,
            LastLines = [.. lines, .. end.CrashOutput],
        };

    private static string Hint(WorkerEnd end, MachineType machineType) =>
        end.Cause switch
        {
            WorkerCrashCause.Exit =>
                "The body, or code that it calls, ended the process (Environment.Exit, or exit in native code): return a value or "
                    + "throw an exception in its place.",
            WorkerCrashCause.Abort =>
                "Something ended the process at once: Environment.FailFast, abort in native code, or an exception that nothing could "
                    + "catch, on a thread of the body's own or in an async void method. Catch it there, or run that work as a Task "
                    + "and await it.",
            WorkerCrashCause.StackOverflow =>
                "A recursion is too deep, or has no end: check where it should stop, use a loop, or run it on a thread with a larger "
                    + "stack (new Thread(work, maxStackSize)).",
            WorkerCrashCause.OutOfMemory =>
                $"It was killed at {machineType.MemoryWords}, which is what the machine type '{machineType}' has. "
                    + $"{machineType.MoreMemoryWords}",
            WorkerCrashCause.NativeFault =>
                "Native code, or unsafe code, touched memory that is not its own or ran a bad instruction: look at the native "
                    + "libraries and pointers that the body uses.",
            WorkerCrashCause.Killed =>
                "Somebody outside killed it: a user, or the machine when its own memory ran out. Call again; if it comes back, look "
                    + "at the machine's memory and its kernel log.",
            _ => "Call again; if it comes back, look for code in the body that closes what it has not opened.",
        };
}
