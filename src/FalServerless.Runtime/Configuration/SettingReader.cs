using System.Globalization;

namespace FalServerless.Runtime.Configuration;

/// <summary>Makes values of what was written, and gathers all that is wrong with it.</summary>
/// <param name="find">Gives a setting by the name of its environment variable; null where it is not set.</param>
internal sealed class SettingReader(Func<string, GivenSetting?> find)
{
    private readonly List<string> _errors = [];

    /// <summary>Everything that is wrong so far, a line for each.</summary>
    public IReadOnlyList<string> Errors => _errors;

    public static Func<string, GivenSetting?> Environment { get; } =
        name => System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? new(text, name) : null;

    public GivenSetting? Find(string name) => find(name) is { Text.Length: > 0 } given ? given : null;

    /// <summary>Notes what is wrong.</summary>
    public void Wrong(string error) => _errors.Add(error);

    public T Value<T>(string name, Func<GivenSetting, object?> read, T fallback, string expected)
    {
        if (Find(name) is not { } given)
        {
            return fallback;
        }

        if (read(given) is T value)
        {
            return value;
        }

        Wrong($"{given.Name} is '{given.Text}'; it must be {expected}.");
        return fallback;
    }

    public string? Folder(string name, string? fallback) =>
        Value(
            name,
            given =>
                given.Directory is { } directory ? Path.GetFullPath(given.Text, directory)
                : Path.IsPathFullyQualified(given.Text) ? given.Text
                : null,
            fallback,
            "an absolute path"
        );

    public bool Switch(string name, bool fallback) =>
        Value<bool>(
            name,
            given =>
                given.Text switch
                {
                    "on" => true,
                    "off" => false,
                    _ => null,
                },
            fallback,
            "'on' or 'off'"
        );

    public int Count(string name, int fallback, int least, string expected) =>
        Value<int>(
            name,
            given =>
                int.TryParse(given.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least ? count : null,
            fallback,
            expected
        );

    public double Processors(string name, double fallback) =>
        Value<double>(
            name,
            given =>
                double.TryParse(given.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cpus) && cpus > 0
                    ? cpus
                    : null,
            fallback,
            "a number of processors such as 2 or 0.5"
        );

    public TimeSpan Time(string name, TimeSpan fallback) =>
        Value<TimeSpan>(name, given => TryTime(given.Text), fallback, "a time such as 30s, 10m or 1h");

    public long Bytes(string name, long fallback, long most = long.MaxValue, string expected = "a number of bytes such as 500MB or 10GB") =>
        Value<long>(name, given => TryBytes(given.Text) is { } bytes && bytes <= most ? bytes : null, fallback, expected);

    /// <summary>A time in whole seconds, minutes, hours or days.</summary>
    public static TimeSpan? TryTime(string text)
    {
        var unit =
            text.Length == 0
                ? 0
                : text[^1] switch
                {
                    's' => 1,
                    'm' => 60,
                    'h' => 3600,
                    'd' => 86400,
                    _ => 0,
                };
        return unit > 0 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? TimeSpan.FromSeconds((double)count * unit)
            : null;
    }

    private static long? TryBytes(string text)
    {
        var (digits, unit) = text switch
        {
            [.. var number, 'K', 'B'] => (number, 1L << 10),
            [.. var number, 'M', 'B'] => (number, 1L << 20),
            [.. var number, 'G', 'B'] => (number, 1L << 30),
            [.. var number, 'T', 'B'] => (number, 1L << 40),
            _ => (text, 1L),
        };
        return
            long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count > 0
            && count <= long.MaxValue / unit
            ? count * unit
            : null;
    }
}
