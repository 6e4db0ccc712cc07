namespace FalServerless.Hosts;

/// <summary>Where lines go when no one asks for them: as they are to the console stream they were meant for. What the host says while it
/// builds is written to the error stream, so that the output is the body's alone.</summary>
internal static class ConsoleLog
{
    public static void Write(LogEntry entry)
    {
        if (IsShown(entry))
        {
            (entry.Level >= LogEntryLevel.Warning || entry.Source == LogEntrySource.Build ? Console.Error : Console.Out).WriteLine(
                entry.Message
            );
        }
    }

    /// <summary>All that bodies write; of the rest, what is more than a detail.</summary>
    public static bool IsShown(LogEntry entry) => entry.Source == LogEntrySource.User || entry.Level >= LogEntryLevel.Info;
}
