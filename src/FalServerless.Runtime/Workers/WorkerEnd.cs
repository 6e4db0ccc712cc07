using System.Globalization;

namespace FalServerless.Runtime.Workers;

/// <summary>How a worker's process ended.</summary>
/// <param name="Cause">What kind of end that was.</param>
/// <param name="ExitCode">128 + the signal's number for a signal; null when it is not known.</param>
/// <param name="Signal">The signal that ended it; null for none.</param>
/// <param name="CrashOutput">What the process itself printed at its end, oldest first.</param>
/// <param name="Words">The end in words, in the middle of a sentence.</param>
internal sealed record WorkerEnd(WorkerCrashCause Cause, int? ExitCode, string? Signal, IReadOnlyList<string> CrashOutput, string Words)
{
    private const int SignalBase = 128;

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

    /// <param name="exitCode">Null when the process has not ended.</param>
    /// <param name="isEndedByHost">Whether the host killed it, because it had left its connection or spoke out of turn.</param>
    /// <param name="ranOutOfMemory">Whether the kernel says that it killed out of memory.</param>
    /// <param name="lastWords">What the process printed at its end.</param>
    public static WorkerEnd Of(int? exitCode, bool isEndedByHost, bool ranOutOfMemory, IReadOnlyList<string> lastWords)
    {
        if (exitCode is not { } code || isEndedByHost)
        {
            return new(
                ranOutOfMemory ? WorkerCrashCause.OutOfMemory : WorkerCrashCause.Unknown,
                exitCode,
                null,
                lastWords,
                "it left its connection to the host, and was ended"
            );
        }

        if (code <= SignalBase)
        {
            return new(WorkerCrashCause.Exit, code, null, lastWords, $"it exited with code {code}");
        }

        var signal = Signals.GetValueOrDefault(code - SignalBase) ?? $"signal {(code - SignalBase).ToString(CultureInfo.InvariantCulture)}";
        var cause = ranOutOfMemory ? WorkerCrashCause.OutOfMemory : CauseOf(signal, lastWords);
        return new(cause, code, signal, lastWords, $"it was ended by {signal}{Reason(cause)}");
    }

    /// <summary>The end as a sentence, with what the process said.</summary>
    public string Describe(string hint = "")
    {
        var sentence = hint.Length == 0 ? $"{Words}." : $"{Words}. {hint}";
        return CrashOutput.Count == 0 ? sentence : $"{sentence} Its last output:\n{string.Join('\n', CrashOutput)}";
    }

    // .NET aborts itself for many reasons, and says which.
    private static WorkerCrashCause CauseOf(string signal, IReadOnlyList<string> lastWords) =>
        signal switch
        {
            "SIGABRT" when Said(lastWords, "Stack overflow.") => WorkerCrashCause.StackOverflow,
            "SIGABRT" when Said(lastWords, "Out of memory.") => WorkerCrashCause.OutOfMemory,
            "SIGABRT"
                when Said(lastWords, "System.AccessViolationException: ")
                    || Said(lastWords, "Fatal error. System.AccessViolationException: ") => WorkerCrashCause.NativeFault,
            "SIGABRT" => WorkerCrashCause.Abort,
            "SIGSEGV" or "SIGBUS" or "SIGILL" or "SIGFPE" => WorkerCrashCause.NativeFault,
            "SIGKILL" or "SIGTERM" => WorkerCrashCause.Killed,
            _ => WorkerCrashCause.Unknown,
        };

    private static string Reason(WorkerCrashCause cause) =>
        cause switch
        {
            WorkerCrashCause.StackOverflow => ", after a stack overflow",
            WorkerCrashCause.OutOfMemory => " because it ran out of memory",
            _ => "",
        };

    private static bool Said(IReadOnlyList<string> lines, string words) =>
        lines.Any(line => line.StartsWith(words, StringComparison.Ordinal));
}
