using System.CommandLine;
using System.Text.Json.Nodes;
using FalServerless.Protocol.Http;
using FalServerless.Tool.Hosts;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Environments;

/// <summary><c>fal-serverless environment list</c>: what is restored on a host.</summary>
internal static class EnvironmentListCommand
{
    private static readonly string[] Columns = ["KEY", "PACKAGES", "SIZE", "LAST USED", "IN USE", "REQUIREMENTS"];

    public static Command Create()
    {
        var command = new Command("list", "Lists the environments of a host, the last used first.");
        var options = new RemoteOptions(command);
        options.Run(
            command,
            async (parsed, host, token) =>
            {
                var environments = await host.EnvironmentsAsync(token);
                if (options.IsJson(parsed))
                {
                    Output.Json(new JsonArray([.. environments.Select(Json)]));
                }
                else
                {
                    Output.Table(
                        Columns,
                        [.. environments.Select(Row)],
                        "The host has no environments yet. A call that has requirements makes one, and so does: fal-serverless "
                            + "environment build"
                    );
                }
            }
        );
        return command;
    }

    public static JsonNode Json(EnvironmentRecord environment) =>
        new JsonObject
        {
            ["key"] = environment.Key.ToString(),
            ["requirements"] = new JsonArray([.. environment.Requirements.Select(requirement => JsonValue.Create(requirement))]),
            ["packages"] = new JsonObject(
                environment
                    .Packages.DistinctBy(package => package.Key)
                    .Select(package => KeyValuePair.Create(package.Key, (JsonNode?)package.Value))
            ),
            ["bytes"] = environment.Bytes,
            ["made"] = Output.JsonTime(environment.Made),
            ["lastUsed"] = Output.JsonTime(environment.LastUsed),
            ["inUse"] = environment.IsInUse,
        };

    private static string[] Row(EnvironmentRecord environment) =>
        [
            EnvironmentKeys.Short(environment.Key),
            Output.Number(environment.Packages.Count),
            Output.Size(environment.Bytes),
            Output.Ago(environment.LastUsed),
            environment.IsInUse ? "yes" : "no",
            string.Join(", ", environment.Requirements),
        ];
}
