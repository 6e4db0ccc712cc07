using Microsoft.Extensions.Logging;

namespace FalServerless.Worker.Logs;

/// <summary>The logger of a context: writes to its own call's log, wherever it is used.</summary>
internal sealed class CallLogger(Func<CallLog?> log) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => Scope.Instance;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Trace and < LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (!IsEnabled(logLevel) || log() is not { } lines)
        {
            return;
        }

        var message = formatter(state, exception);
        if (exception is not null)
        {
            message = message.Length == 0 ? exception.ToString() : $"{message}\n{exception}";
        }

        lines.WriteLines(LevelOf(logLevel), message);
    }

    private static LogEntryLevel LevelOf(LogLevel level) =>
        level switch
        {
            LogLevel.Trace => LogEntryLevel.Trace,
            LogLevel.Debug => LogEntryLevel.Debug,
            LogLevel.Information => LogEntryLevel.Info,
            LogLevel.Warning => LogEntryLevel.Warning,
            _ => LogEntryLevel.Error,
        };

    // Lines carry no scopes, but code that opens them must run.
    private sealed class Scope : IDisposable
    {
        public static readonly Scope Instance = new();

        public void Dispose() { }
    }
}
