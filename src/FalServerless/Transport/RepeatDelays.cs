namespace FalServerless.Transport;

/// <summary>How long a client waits before it asks a host again: less than a pause at first, as most breaks are of a moment.</summary>
internal static class RepeatDelays
{
    private static readonly TimeSpan[] Delays = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)];

    /// <summary>For what a host keeps: it will still be there when the host has started again.</summary>
    public static IReadOnlyList<TimeSpan> ForKept { get; } = [.. Delays, .. Enumerable.Repeat(TimeSpan.FromSeconds(2), 15)];

    public static int Count => Delays.Length;

    public static TimeSpan Of(int attempt) => Delays[attempt];
}
