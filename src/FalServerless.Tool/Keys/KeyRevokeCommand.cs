using System.CommandLine;
using System.Text.Json.Nodes;
using FalServerless.Internal;
using FalServerless.Runtime.Configuration;
using FalServerless.Tool.Serving;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Keys;

/// <summary><c>fal-serverless key revoke</c>: from the next request on the key is not good any more. Calls that run go on.</summary>
internal static class KeyRevokeCommand
{
    public static Command Create()
    {
        var command = new Command("revoke", "Revokes a key: a running host refuses it from the next request on.");
        var id = new Argument<string>("id") { Description = "The key's id." };
        command.Add(id);
        var options = new SettingOptions(command, SettingNames.State);
        var json = Output.JsonOption();
        command.Add(json);
        command.SetAction(parsed =>
        {
            using var store = KeyFolder.Open(options, parsed, makes: false);
            var now = TimeProvider.System.GetUtcNow();

            // A whole key stands for its id.
            var given = parsed.GetValue(id)!.Split(':')[0];
            var known = store.List();
            if (known.FirstOrDefault(key => key.Id == given) is not { } key)
            {
                var nearest = NearestName.Of(given, known.Select(key => key.Id));
                throw new CliException(
                    $"There is no key '{given}'.{(nearest is null ? "" : $" Did you mean '{nearest}'?")} fal-serverless key list "
                        + $"shows them."
                );
            }

            var isNew = store.Revoke(key.Id, now);
            store.Append(
                new()
                {
                    At = now,
                    Who = KeyFolder.User,
                    Action = "key revoke",
                    Target = key.Id,
                    Outcome = isNew ? "done" : "revoked already",
                }
            );
            if (parsed.GetValue(json))
            {
                Output.Json(new JsonObject { ["id"] = key.Id, ["revoked"] = Output.JsonTime(key.Revoked ?? now) });
            }
            else
            {
                Console.Out.WriteLine(
                    isNew ? $"The key {key.Id} is revoked." : $"The key {key.Id} was revoked at {Output.Time(key.Revoked)} already."
                );
            }

            return 0;
        });
        return command;
    }
}
