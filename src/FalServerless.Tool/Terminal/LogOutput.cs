using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FalServerless.Tool.Terminal;

/// <summary>Lines that workers wrote, for people and for programs.</summary>
internal static partial class LogOutput
{
    /// <summary>The line as it was written, but for what would steer a terminal.</summary>
    /// <param name="entry">The line.</param>
    /// <param name="timestamps">Whether its time precedes it.</param>
    public static string Line(LogEntry entry, bool timestamps) =>
        (
            timestamps
                ? entry.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z '", System.Globalization.CultureInfo.InvariantCulture)
                : ""
        ) + Clean(entry.Message);

    /// <summary>Several lines, but for what would steer a terminal.</summary>
    public static string Text(string lines) => string.Join('\n', lines.ReplaceLineEndings("\n").Split('\n').Select(Clean));

    public static JsonNode Json(LogEntry entry) =>
        new JsonObject
        {
            ["time"] = Output.JsonTime(entry.Time),
            ["level"] = entry.Level.ToString().ToLowerInvariant(),
            ["source"] = entry.Source.ToString().ToLowerInvariant(),
            ["message"] = entry.Message,
        };

    private static string Clean(string message) =>
        message.Any(letter => char.IsControl(letter) && letter != '\t')
            ? string.Concat(Sequences().Replace(message, "").Where(letter => !char.IsControl(letter) || letter == '\t'))
            : message;

    // Colours and movements of the cursor: ESC [ parameters letter.
    [GeneratedRegex(@"\x1b\[[0-?]*[ -/]*[@-~]")]
    private static partial Regex Sequences();
}
