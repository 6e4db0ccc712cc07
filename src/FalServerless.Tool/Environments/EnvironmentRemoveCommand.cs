using System.CommandLine;
using System.Text.Json.Nodes;
using FalServerless.Tool.Hosts;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Environments;

/// <summary><c>fal-serverless environment remove</c>.</summary>
internal static class EnvironmentRemoveCommand
{
    public static Command Create()
    {
        var command = new Command("remove", "Removes an environment that is not in use.");
        var key = new Argument<string>("key")
        {
            Description = "The environment's key, or its first digits, as 'environment list' shows it.",
        };
        command.Add(key);
        var options = new RemoteOptions(command);
        options.Run(
            command,
            async (parsed, host, token) =>
            {
                var environment = EnvironmentKeys.Find(await host.EnvironmentsAsync(token), parsed.GetValue(key)!);
                await host.RemoveEnvironmentAsync(environment.Key, token);
                if (options.IsJson(parsed))
                {
                    Output.Json(new JsonObject { ["key"] = environment.Key.ToString(), ["removed"] = true });
                }
                else
                {
                    Output.Line(
                        $"The environment {EnvironmentKeys.Short(environment.Key)} of {string.Join(", ", environment.Requirements)} "
                            + $"is removed."
                    );
                }
            }
        );
        return command;
    }
}
