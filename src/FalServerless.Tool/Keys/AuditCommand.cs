using System.CommandLine;
using System.Text.Json.Nodes;
using FalServerless.Runtime.Configuration;
using FalServerless.Runtime.Keys;
using FalServerless.Tool.Serving;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Keys;

/// <summary><c>fal-serverless audit</c>: what admins did to a host, the latest last.</summary>
internal static class AuditCommand
{
    private const int UsualCount = 100;
    private const int ShortLength = 12;

    private static readonly string[] Columns = ["TIME", "WHO", "ACTION", "TARGET", "OUTCOME"];

    public static Command Create()
    {
        var command = new Command("audit", "Shows what was done to a host on this machine by its admins.");
        var last = NumberOptions.Option("--last", "How many entries at most", UsualCount, least: 1);
        command.Add(last);
        var options = new SettingOptions(command, SettingNames.State);
        var json = Output.JsonOption();
        command.Add(json);
        command.SetAction(parsed =>
        {
            using var store = KeyFolder.Open(options, parsed, makes: false);
            var entries = store.Audit(parsed.GetValue(last));
            if (parsed.GetValue(json))
            {
                Output.Json(new JsonArray([.. entries.Select(Json)]));
            }
            else
            {
                Output.Table(
                    Columns,
                    [
                        .. entries.Select(entry =>
                            new[] { Output.Time(entry.At), entry.Who, entry.Action, Short(entry.Target), entry.Outcome }
                        ),
                    ],
                    "Nothing was done yet."
                );
            }

            return 0;
        });
        return command;
    }

    // Environments and invocations are known by their first digits.
    private static string Short(string target) =>
        target.Length > ShortLength && target.All(char.IsAsciiHexDigit) ? target[..ShortLength] : target;

    private static JsonNode Json(AuditEntry entry) =>
        new JsonObject
        {
            ["time"] = Output.JsonTime(entry.At),
            ["who"] = entry.Who,
            ["action"] = entry.Action,
            ["target"] = entry.Target,
            ["outcome"] = entry.Outcome,
        };
}
