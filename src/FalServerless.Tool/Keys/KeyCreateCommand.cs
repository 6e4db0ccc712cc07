using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FalServerless.Runtime.Configuration;
using FalServerless.Runtime.Keys;
using FalServerless.Tool.Serving;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Keys;

/// <summary><c>fal-serverless key create</c>: makes a key, and shows its secret this once.</summary>
internal static class KeyCreateCommand
{
    private const int LongestName = 100;

    public static Command Create()
    {
        var command = new Command("create", "Makes a key. Its secret is shown this once; the host keeps a hash only.");
        var name = new Option<string>("--name") { Description = "What it is for." };
        var scope = ChoiceOptions.Option(
            "--scope",
            "'invoke' (default) calls functions and uses /data; 'admin' also sees and changes what belongs to others.",
            ["invoke", "admin"]
        );
        var expires = new Option<string>("--expires")
        {
            Description = "Until when it is good: 30d, 12h, or a day such as 2027-01-31. Default: for ever.",
            HelpName = "time",
        };
        var json = Output.JsonOption();
        command.Add(name);
        command.Add(scope);
        command.Add(expires);
        var options = new SettingOptions(command, SettingNames.State);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var made = NewKey.Make();
            var key = new HostKey
            {
                Id = made.Id,
                SecretHash = made.SecretHash,
                Name = CheckName(parsed.GetValue(name)),
                Scope = parsed.GetValue(scope) == "admin" ? KeyScope.Admin : KeyScope.Invoke,
                Created = now,
                Expires = ReadExpiry(parsed.GetValue(expires), now),
            };
            using var store = KeyFolder.Open(options, parsed, makes: true);
            store.Add(key);
            store.Append(
                new()
                {
                    At = now,
                    Who = KeyFolder.User,
                    Action = "key create",
                    Target = key.Id,
                    Outcome = "done",
                }
            );
            Print(key, made, parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    private static void Print(HostKey key, NewKey made, bool json)
    {
        if (json)
        {
            Output.Json(
                new JsonObject
                {
                    ["id"] = made.Id,
                    ["secret"] = made.Secret,
                    ["key"] = made.Text,
                    ["name"] = key.Name,
                    ["scope"] = HostKey.Word(key.Scope),
                    ["created"] = Output.JsonTime(key.Created),
                    ["expires"] = Output.JsonTime(key.Expires),
                }
            );
            return;
        }

        Console.Out.WriteLine(
            $"The key {made.Id} is made: scope {HostKey.Word(key.Scope)}, "
                + $"{(key.Expires is null ? "good until it is revoked" : $"good until {Output.Time(key.Expires)}")}."
        );
        Console.Out.WriteLine("Its secret is shown this once:");
        Console.Out.WriteLine();
        Console.Out.WriteLine($"  FAL_KEY={made.Text}");
    }

    private static string? CheckName(string? name) =>
        name is null || (name.Length is > 0 and <= LongestName && !name.Any(char.IsControl))
            ? name
            : throw new CliException($"A name has 1 to {LongestName} characters, and no control characters.") { IsUsage = true };

    private static DateTimeOffset? ReadExpiry(string? text, DateTimeOffset now)
    {
        if (text is null)
        {
            return null;
        }

        var expires =
            SettingReader.TryTime(text) is { } time ? now + time
            : DateTimeOffset.TryParse(
                text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var date
            )
                ? date
            : throw new CliException(
                $"--expires is '{text}'; it must be a time such as 30d or 12h, or a day such as {now.AddDays(30):yyyy-MM-dd}."
            )
            {
                IsUsage = true,
            };
        return expires > now ? expires : throw new CliException($"--expires is '{text}', which is over already.") { IsUsage = true };
    }
}
