using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace FalServerless.Runtime.Cli;

/// <summary>What a command prints: for people a table, for programs JSON. Colours only on a terminal, and not where NO_COLOR is set.</summary>
internal static class Output
{
    // A line is a row, however long: a terminal breaks it better than cells are broken.
    private const int Width = 2000;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Every command that prints something has it.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "Print JSON." };

    public static void Line(string line) => Console.Out.WriteLine(line);

    public static void Json(JsonNode node) => Console.Out.WriteLine(node.ToJsonString(Readable));

    /// <param name="columns">The headings.</param>
    /// <param name="rows">The cells, as plain text.</param>
    /// <param name="empty">What to say when there are none.</param>
    /// <param name="colour">The colour of a cell of the first column; null for none.</param>
    public static void Table(IReadOnlyList<string> columns, IReadOnlyCollection<IReadOnlyList<string>> rows, string empty, Func<string, Color?>? colour = null)
    {
        if (rows.Count == 0)
        {
            Console.Out.WriteLine(empty);
            return;
        }

        var table = new Table().Border(TableBorder.None).AddColumns([.. columns.Select(column => new TableColumn(new Markup(Markup.Escape(column), new Style(decoration: Decoration.Bold))).PadLeft(0).PadRight(3).NoWrap())]);
        foreach (var row in rows)
        {
            table.AddRow([.. row.Select((cell, i) => new Text(Plain(cell), i == 0 && colour?.Invoke(cell) is { } chosen ? new Style(chosen) : null))]);
        }

        Terminal(Console.Out, Console.IsOutputRedirected, Width).Write(table);
    }

    /// <summary>A time as people read it; a dash for none.</summary>
    public static string Time(DateTimeOffset? time) => time is { } given ? given.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "-";

    /// <summary>A time as programs read it.</summary>
    public static JsonNode? JsonTime(DateTimeOffset? time) => time is { } given ? JsonValue.Create(given.UtcDateTime) : null;

    /// <summary>A number as programs and people alike read it.</summary>
    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>An amount of bytes as people read it: <c>36.4 MB</c>.</summary>
    public static string Size(long bytes)
    {
        string[] units = ["B", "KB", "MB", "GB", "TB"];
        var (amount, unit) = ((double)bytes, 0);
        while (amount >= 1000 && unit < units.Length - 1)
        {
            (amount, unit) = (amount / 1024, unit + 1);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 ? amount.ToString("0", CultureInfo.InvariantCulture) : amount.ToString("0.0", CultureInfo.InvariantCulture))} {units[unit]}");
    }

    /// <summary>What there is to say of one thing, a line for each.</summary>
    public static void Facts(params IReadOnlyList<(string Name, string Value)> facts)
    {
        var width = facts.Max(fact => fact.Name.Length);
        foreach (var (name, value) in facts)
        {
            Line($"{(name + ":").PadRight(width + 1)}  {Plain(value)}");
        }
    }

    /// <summary>The terminal behind the error stream, for what is asked and shown on the way.</summary>
    public static IAnsiConsole ErrorTerminal() => Terminal(Console.Error, Console.IsErrorRedirected, null);

    private static IAnsiConsole Terminal(TextWriter output, bool isRedirected, int? width)
    {
        var isPlain = isRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        var console = AnsiConsole.Create(new()
        {
            Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width ?? console.Profile.Width;
        return console;
    }

    // What somebody else wrote must not steer the terminal.
    private static string Plain(string cell) => cell.Any(char.IsControl) ? string.Concat(cell.Where(letter => !char.IsControl(letter))) : cell;
}
