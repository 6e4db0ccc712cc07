namespace FalServerless.Internal;

/// <summary>Checks options where they are given, so that the error is there and not at the first call.</summary>
internal static class Validate
{
    // The longest time that a timer takes: 2^32 - 2 ms.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    public static TimeSpan Time(TimeSpan value, string option) =>
        value >= TimeSpan.Zero && value <= Longest ? value : throw OutOfRange(value, option, $"between zero and {Longest.Days} days");

    public static TimeSpan? PositiveTime(TimeSpan? value, string option) =>
        value is null || (value > TimeSpan.Zero && value <= Longest)
            ? value
            : throw OutOfRange(value, option, $"more than zero and at most {Longest.Days} days, or null for no limit");

    public static int? Workers(int? value, string option) =>
        value is null or (>= 1 and <= ushort.MaxValue)
            ? value
            : throw OutOfRange(value, option, $"between 1 and {ushort.MaxValue}, or null for what the host has");

    public static int Calls(int value, string option) =>
        value is >= 1 and <= ushort.MaxValue ? value : throw OutOfRange(value, option, $"between 1 and {ushort.MaxValue}");

    public static int MinWorkers(int value, string option) =>
        value is >= 0 and <= ushort.MaxValue ? value : throw OutOfRange(value, option, $"between 0 and {ushort.MaxValue}");

    public static int Range(int value, int least, int most, string option) =>
        value >= least && value <= most ? value : throw OutOfRange(value, option, $"between {least} and {most}");

    public static int Concurrency(int? value, int fallback, string option) =>
        value is null ? fallback
        : value is >= 1 and <= ushort.MaxValue ? value.Value
        : throw OutOfRange(value, option, $"between 1 and {ushort.MaxValue}, or null for {fallback}");

    public static int Parallelism(int value, string option) =>
        value is >= 1 and <= 64 ? value : throw OutOfRange(value, option, "between 1 and 64");

    public static long? Positive(long? value, string option) =>
        value is null or > 0 ? value : throw OutOfRange(value, option, "more than zero, or null for never");

    private static ArgumentOutOfRangeException OutOfRange(object? value, string option, string range) =>
        new(option, value, $"{option} must be {range}.");
}
