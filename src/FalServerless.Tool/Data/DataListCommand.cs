using System.CommandLine;
using System.Text.Json.Nodes;
using FalServerless.Protocol.Http;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Data;

/// <summary><c>fal-serverless data list</c>.</summary>
internal static class DataListCommand
{
    private static readonly string[] Columns = ["MODE", "SIZE", "MODIFIED", "PATH"];

    public static Command Create()
    {
        var command = new Command("list", "Lists what is in a folder of /data.");
        var path = new Argument<string>("path") { Description = "The folder (/data).", DefaultValueFactory = _ => DataPath.Root };
        var recursive = new Option<bool>("--recursive", "-r") { Description = "List what is in its folders too." };
        command.Add(path);
        command.Add(recursive);
        var options = new DataOptions(command);
        options.Run(
            async (parsed, host, token) =>
            {
                var entries = await SyncDir.ListAsync(parsed.GetValue(path)!, parsed.GetValue(recursive), new() { Host = host }, token);
                if (options.IsJson(parsed))
                {
                    Output.Json(new JsonArray([.. entries.Select(Json)]));
                }
                else
                {
                    Output.Table(Columns, [.. entries.Select(Row)], $"{parsed.GetValue(path)} is empty.", last: WrappedColumn.Whole);
                }
            }
        );
        return command;
    }

    private static string[] Row(DataEntry entry) =>
        [
            Letters(entry),
            entry.Kind == DataEntryKind.File ? Output.Size(entry.Size) : "-",
            Output.Time(entry.LastModified),
            entry.LinkTarget is { } target ? $"{entry.Path} -> {target}" : entry.Path,
        ];

    private static JsonNode Json(DataEntry entry) =>
        new JsonObject
        {
            ["path"] = entry.Path,
            ["kind"] = entry.Kind.ToString().ToLowerInvariant(),
            ["bytes"] = entry.Size,
            ["modified"] = Output.JsonTime(entry.LastModified),
            ["mode"] = Convert.ToString((int)entry.Mode, 8).PadLeft(4, '0'),
            ["target"] = entry.LinkTarget,
        };

    // As ls writes it: drwxr-x---
    private static string Letters(DataEntry entry) =>
        (
            entry.Kind switch
            {
                DataEntryKind.Directory => 'd',
                DataEntryKind.Link => 'l',
                _ => '-',
            }
        )
        + string.Create(
            9,
            (int)entry.Mode,
            static (letters, mode) =>
            {
                for (var i = 0; i < letters.Length; i++)
                {
                    letters[i] = (mode >> (8 - i) & 1) == 0 ? '-' : "rwx"[i % 3];
                }
            }
        );
}
