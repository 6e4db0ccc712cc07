using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace FalServerless.Runtime.Cli;

/// <summary>What a command prints: for people a table, for programs JSON. Colours only on a terminal, and not where NO_COLOR is set.</summary>
internal static class Output
{
    private const int WidthOfPipes = 500;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Every command that prints something has it.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "Print JSON." };

    public static void Json(JsonNode node) => Console.Out.WriteLine(node.ToJsonString(Readable));

    /// <param name="columns">The headings.</param>
    /// <param name="rows">The cells, as plain text.</param>
    /// <param name="empty">What to say when there are none.</param>
    public static void Table(IReadOnlyList<string> columns, IReadOnlyCollection<IReadOnlyList<string>> rows, string empty)
    {
        if (rows.Count == 0)
        {
            Console.Out.WriteLine(empty);
            return;
        }

        var table = new Table().Border(TableBorder.None).AddColumns([.. columns.Select(column => new TableColumn(new Markup(Markup.Escape(column), new Style(decoration: Decoration.Bold))).PadLeft(0).PadRight(3).NoWrap())]);
        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(cell => new Text(Plain(cell)))]);
        }

        Terminal().Write(table);
    }

    /// <summary>A time as people read it; a dash for none.</summary>
    public static string Time(DateTimeOffset? time) => time is { } given ? given.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture) : "-";

    /// <summary>A time as programs read it.</summary>
    public static JsonNode? JsonTime(DateTimeOffset? time) => time is { } given ? JsonValue.Create(given.UtcDateTime) : null;

    private static IAnsiConsole Terminal()
    {
        var isPlain = Console.IsOutputRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        var console = AnsiConsole.Create(new()
        {
            Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Out = new AnsiConsoleOutput(Console.Out),
        });
        if (Console.IsOutputRedirected)
        {
            // A line is a row, however long.
            console.Profile.Width = WidthOfPipes;
        }

        return console;
    }

    // What somebody else wrote must not steer the terminal.
    private static string Plain(string cell) => cell.Any(char.IsControl) ? string.Concat(cell.Where(letter => !char.IsControl(letter))) : cell;
}
