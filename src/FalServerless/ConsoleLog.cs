namespace FalServerless;

/// <summary>Where lines go when no one asks for them: as they are to the console stream they were meant for.</summary>
internal static class ConsoleLog
{
    public static void Write(LogEntry entry) => (entry.Level >= LogEntryLevel.Warning ? Console.Error : Console.Out).WriteLine(entry.Message);
}
