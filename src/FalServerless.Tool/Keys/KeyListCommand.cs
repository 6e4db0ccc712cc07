using System.CommandLine;
using System.Text.Json.Nodes;
using FalServerless.Runtime.Configuration;
using FalServerless.Runtime.Keys;
using FalServerless.Tool.Serving;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Keys;

/// <summary><c>fal-serverless key list</c>: the keys of a host, without their secrets, which the host does not store.</summary>
internal static class KeyListCommand
{
    private static readonly string[] Columns = ["ID", "SCOPE", "STATE", "CREATED", "EXPIRES", "LAST USED", "NAME"];

    public static Command Create()
    {
        var command = new Command("list", "Lists the keys, revoked ones too.");
        var options = new SettingOptions(command, SettingNames.State);
        var json = Output.JsonOption();
        command.Add(json);
        command.SetAction(parsed =>
        {
            using var store = KeyFolder.Open(options, parsed, makes: false);
            var now = TimeProvider.System.GetUtcNow();
            var keys = store.List();
            if (parsed.GetValue(json))
            {
                Output.Json(new JsonArray([.. keys.Select(key => Json(key, now))]));
            }
            else
            {
                Output.Table(
                    Columns,
                    [.. keys.Select(key => Row(key, now))],
                    "There are no keys yet. Make one with: fal-serverless key create"
                );
            }

            return 0;
        });
        return command;
    }

    private static IReadOnlyList<string> Row(HostKey key, DateTimeOffset now) =>
        [
            key.Id,
            HostKey.Word(key.Scope),
            key.State(now),
            Output.Day(key.Created),
            key.Expires is null ? "never" : Output.Day(key.Expires),
            Output.Ago(key.LastUsed),
            key.Name ?? "-",
        ];

    private static JsonNode Json(HostKey key, DateTimeOffset now) =>
        new JsonObject
        {
            ["id"] = key.Id,
            ["name"] = key.Name,
            ["scope"] = HostKey.Word(key.Scope),
            ["state"] = key.State(now),
            ["created"] = Output.JsonTime(key.Created),
            ["expires"] = Output.JsonTime(key.Expires),
            ["revoked"] = Output.JsonTime(key.Revoked),
            ["lastUsed"] = Output.JsonTime(key.LastUsed),
        };
}
