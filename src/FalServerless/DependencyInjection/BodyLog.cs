using FalServerless.Hosts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FalServerless.DependencyInjection;

/// <summary>
/// What bodies log, in the log of the program that calls them: under a category of its own, with the line's level, and with a scope that
/// says which call it is of. The caller's scopes are there too, for a line is received in its caller's flow.
/// </summary>
internal sealed class BodyLog(ILoggerFactory factory)
{
    private const string Category = "FalServerless.Functions";

    /// <summary>Null where the program has no logging provider: then the console is better than nowhere.</summary>
    public static Func<FunctionLabel, Action<Guid, LogEntry>>? Of(IServiceProvider services) =>
        services.GetService<ILoggerFactory>() is { } factory
        && (factory is not LoggerFactory || services.GetServices<ILoggerProvider>().Any())
            ? new BodyLog(factory).For
            : null;

    private Action<Guid, LogEntry> For(FunctionLabel function)
    {
        var logger = factory.CreateLogger(function.Name is { Length: > 0 } name ? $"{Category}.{name}" : Category);
        return (call, entry) =>
        {
            var level = LevelOf(entry.Level);
            if (logger.IsEnabled(level))
            {
                using var scope = logger.BeginScope(new CallScope(call, function, entry));
                logger.Log(level, default, entry.Message, null, static (message, _) => message);
            }
        };
    }

    private static LogLevel LevelOf(LogEntryLevel level) =>
        level switch
        {
            LogEntryLevel.Trace => LogLevel.Trace,
            LogEntryLevel.Debug => LogLevel.Debug,
            LogEntryLevel.Info => LogLevel.Information,
            LogEntryLevel.Warning => LogLevel.Warning,
            _ => LogLevel.Error,
        };
}
