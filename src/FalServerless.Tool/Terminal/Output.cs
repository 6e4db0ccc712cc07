using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace FalServerless.Tool.Terminal;

/// <summary>
/// What a command prints: for people a table, for programs JSON. Colours only on a terminal, and not where NO_COLOR is set.
/// </summary>
internal static class Output
{
    /// <summary>The default number of columns of a terminal.</summary>
    public const int UsualWidth = 80;

    // A path is not cut, and is not broken by us: a terminal does it better.
    private const int Unbounded = 2000;
    private const int Gap = 2;

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Every command that prints something has it.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "Print JSON." };

    public static void Line(string line) => Console.Out.WriteLine(line);

    /// <summary>A text in lines of 80 columns, or of the terminal's where it is wider. Words stay whole.</summary>
    public static void Paragraph(string text, int indent)
    {
        var console = Terminal(Console.Out, Console.IsOutputRedirected);
        var line = new string(' ', indent);
        var begins = true;
        foreach (var word in Plain(text).Split(' '))
        {
            if (!begins && line.Length + 1 + word.Length > console.Profile.Width)
            {
                Line(line);
                (line, begins) = (new(' ', indent + Gap), true);
            }

            line += begins ? word : $" {word}";
            begins = false;
        }

        Line(line);
    }

    public static void Json(JsonNode node) => Console.Out.WriteLine(node.ToJsonString(Readable));

    /// <summary>A row is a line of 80 columns, or of the terminal where it is wider. JSON has what does not fit.</summary>
    /// <param name="columns">The headings. The last column is the one whose cells may be long.</param>
    /// <param name="rows">The cells, as plain text.</param>
    /// <param name="empty">What to say when there are none.</param>
    /// <param name="colour">The colour of a cell of the first column; null for none.</param>
    /// <param name="last">What becomes of cells of the last column that are too long.</param>
    public static void Table(
        IReadOnlyList<string> columns,
        IReadOnlyCollection<IReadOnlyList<string>> rows,
        string empty,
        Func<string, Color?>? colour = null,
        WrappedColumn last = WrappedColumn.Cut
    )
    {
        if (rows.Count == 0)
        {
            Console.Out.WriteLine(empty);
            return;
        }

        var cells = rows.Select(row => row.Select(Plain).ToArray()).ToArray();
        var table = new Table().Border(TableBorder.None);
        for (var i = 0; i < columns.Count; i++)
        {
            var isLast = i == columns.Count - 1;
            var heading = new Markup(Markup.Escape(columns[i]), new Style(decoration: Decoration.Bold));
            var column = new TableColumn(heading).PadLeft(0).PadRight(isLast ? 0 : Gap);
            table.AddColumn(isLast && last == WrappedColumn.Wrap ? column : column.NoWrap());
        }

        using var filled = new StringWriter { NewLine = "\n" };
        var isRedirected = Console.IsOutputRedirected;
        var console = Terminal(isRedirected ? filled : Console.Out, isRedirected, last == WrappedColumn.Whole ? Unbounded : null);
        var room =
            console.Profile.Width
            - columns.SkipLast(1).Select((column, i) => Math.Max(column.Length, cells.Max(row => row[i].Length)) + Gap).Sum();
        foreach (var row in cells)
        {
            if (last == WrappedColumn.Cut)
            {
                row[^1] = Cut(row[^1], Math.Max(room, columns[^1].Length));
            }

            table.AddRow([
                .. row.Select((cell, i) => new Text(cell, i == 0 && colour?.Invoke(cell) is { } chosen ? new Style(chosen) : Style.Plain)),
            ]);
        }

        console.Write(table);
        if (isRedirected)
        {
            // Programs that read lines have no use for padding.
            Console.Out.Write(string.Join('\n', filled.ToString().Split('\n').Select(line => line.TrimEnd())));
        }
    }

    /// <summary>A time as people read it; a dash for none.</summary>
    public static string Time(DateTimeOffset? time) =>
        time is { } given ? given.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "-";

    /// <summary>A day as people read it; a dash for none.</summary>
    public static string Day(DateTimeOffset? time) =>
        time is { } given ? given.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "-";

    /// <summary>
    /// How long ago or ahead a time is, in its largest unit: <c>90s</c>, <c>5m</c>, <c>3h</c>, <c>12d</c>; a dash for none.
    /// </summary>
    public static string Span(DateTimeOffset? time) => time is { } given ? Span((given - TimeProvider.System.GetUtcNow()).Duration()) : "-";

    /// <summary>A time span in its largest unit.</summary>
    public static string Span(TimeSpan span)
    {
        var (amount, unit) =
            span.TotalSeconds < 100 ? (span.TotalSeconds, 's')
            : span.TotalMinutes < 100 ? (span.TotalMinutes, 'm')
            : span.TotalHours < 48 ? (span.TotalHours, 'h')
            : (span.TotalDays, 'd');
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(amount):0}{unit}");
    }

    /// <summary>How long ago a time is: <c>5m ago</c>; a dash for none.</summary>
    public static string Ago(DateTimeOffset? time) => time is null ? "-" : $"{Span(time)} ago";

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

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(unit == 0 ? amount.ToString("0", CultureInfo.InvariantCulture) : amount.ToString("0.0", CultureInfo.InvariantCulture))} "
                + $"{units[unit]}"
        );
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
    public static IAnsiConsole ErrorTerminal() => Terminal(Console.Error, Console.IsErrorRedirected);

    private static IAnsiConsole Terminal(TextWriter output, bool isRedirected, int? width = null)
    {
        var isPlain = isRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        var console = AnsiConsole.Create(
            new()
            {
                Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
                ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
                Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Yes,
                Out = new AnsiConsoleOutput(output),
            }
        );
        console.Profile.Width = width ?? (isRedirected ? UsualWidth : Math.Max(UsualWidth, console.Profile.Width));
        return console;
    }

    private static string Cut(string cell, int room) => cell.Length <= room ? cell : string.Concat(cell.AsSpan(0, room - 1), "…");

    // What somebody else wrote must not steer the terminal.
    private static string Plain(string cell) =>
        cell.Any(char.IsControl) ? string.Concat(cell.Where(letter => !char.IsControl(letter))) : cell;
}
