using System.Diagnostics;

namespace FalServerless.Worker.Logs;

/// <summary>
/// Replaces the default listener of <see cref="Trace"/> and <see cref="Debug"/>: what a call traces is written to its log. What is traced
/// outside of any call is dropped.
/// </summary>
internal sealed class TraceCapture(Func<CallLog?> current) : TraceListener
{
    public override bool IsThreadSafe => true;

    public static void Install(Func<CallLog?> current)
    {
        // One lock over all calls would let one that waits for its reader hold up the others.
        Trace.UseGlobalLock = false;
        Trace.Listeners.Clear();
        Trace.Listeners.Add(new TraceCapture(current));
    }

    public override void Write(string? message) => current()?.Write(LogEntryLevel.Debug, message);

    public override void WriteLine(string? message) => current()?.Write(LogEntryLevel.Debug, message + "\n");

    public override void TraceEvent(TraceEventCache? eventCache, string source, TraceEventType eventType, int id) =>
        TraceEvent(eventCache, source, eventType, id, "");

    public override void TraceEvent(TraceEventCache? eventCache, string source, TraceEventType eventType, int id, string? message) =>
        current()?.WriteLines(LevelOf(eventType), message);

    public override void TraceEvent(
        TraceEventCache? eventCache,
        string source,
        TraceEventType eventType,
        int id,
        string? format,
        params object?[]? args
    ) => TraceEvent(eventCache, source, eventType, id, args is null or [] || format is null ? format : string.Format(null, format, args));

    public override void TraceData(TraceEventCache? eventCache, string source, TraceEventType eventType, int id, object? data) =>
        TraceEvent(eventCache, source, eventType, id, data?.ToString());

    public override void TraceData(TraceEventCache? eventCache, string source, TraceEventType eventType, int id, params object?[]? data) =>
        TraceEvent(eventCache, source, eventType, id, string.Join(", ", data ?? []));

    // The default listener ends the process here; one failed check must not take the calls of others with it.
    public override void Fail(string? message, string? detailMessage) =>
        current()
            ?.WriteLines(
                LogEntryLevel.Error,
                $"Assertion failed: {string.Join(' ', message, detailMessage).Trim()}\n{new StackTrace(fNeedFileInfo: true)}"
            );

    private static LogEntryLevel LevelOf(TraceEventType type) =>
        type switch
        {
            TraceEventType.Critical or TraceEventType.Error => LogEntryLevel.Error,
            TraceEventType.Warning => LogEntryLevel.Warning,
            TraceEventType.Information => LogEntryLevel.Info,
            TraceEventType.Verbose => LogEntryLevel.Debug,
            _ => LogEntryLevel.Trace,
        };
}
