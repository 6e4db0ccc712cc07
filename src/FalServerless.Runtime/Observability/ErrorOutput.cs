using System.Globalization;
using Microsoft.Extensions.Logging;

namespace FalServerless.Runtime.Observability;

/// <summary>Writes log lines to the standard error, each with its time. From the web server's own only what is wrong.</summary>
/// <param name="output">Where lines go.</param>
/// <param name="time">The clock.</param>
/// <param name="least">The lowest level of the host's own lines that are written.</param>
internal sealed class ErrorOutput(TextWriter output, TimeProvider time, LogLevel least = LogLevel.Information) : ILoggerFactory
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time = time;

    /// <summary>For the host's own lines.</summary>
    public ILogger Host => new Logger(this, least);

    public ILogger CreateLogger(string categoryName) => new Logger(this, least > LogLevel.Warning ? least : LogLevel.Warning);

    public void AddProvider(ILoggerProvider provider) { }

    public void Dispose() { }

    // A path or an id that a client made up must not look like a line of the host.
    private static string OneLine(string text) =>
        text.Any(char.IsControl)
            ? string.Concat(text.Select(letter => char.IsControl(letter) ? $"\\u{(int)letter:x4}" : letter.ToString()))
            : text;

    private void Write(string line)
    {
        lock (_lock)
        {
            try
            {
                output.WriteLine(line);
            }
            catch (IOException)
            {
                // Its reader has ended; the host continues.
            }
        }
    }

    private static string Name(LogLevel level) =>
        level switch
        {
            LogLevel.Critical or LogLevel.Error => "error",
            LogLevel.Warning => "warning",
            LogLevel.Information => "info",
            _ => "debug",
        };

    private sealed class Logger(ErrorOutput owner, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            owner.Write(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{owner._time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {Name(logLevel)}: "
                        + $"{OneLine(formatter(state, exception))}{(exception is null ? "" : $" {exception}")}"
                )
            );
        }
    }
}
