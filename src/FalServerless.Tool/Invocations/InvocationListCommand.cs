using System.CommandLine;
using System.Text.Json.Nodes;
using FalServerless.Protocol.Http;
using FalServerless.Tool.Hosts;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Invocations;

/// <summary><c>fal-serverless invocation list</c>: the detached calls that a host keeps.</summary>
internal static class InvocationListCommand
{
    private static readonly string[] Columns = ["ID", "STATUS", "TYPE", "CREATED", "TOOK", "KEY", "NAME"];

    public static Command Create()
    {
        var command = new Command("list", "Lists the detached calls that a host keeps: one's own, or with a key of scope 'admin' all.");
        string[] words = [.. Enum.GetValues<InvocationStatus>().Select(Word)];
        var status = ChoiceOptions.Option(
            "--status",
            "Only those that are queued, running, succeeded, failed, cancelled or interrupted.",
            words
        );
        command.Add(status);
        var options = new RemoteOptions(command);
        options.Run(
            command,
            async (parsed, host, token) =>
            {
                var wanted = parsed.GetValue(status);
                var calls = (await host.Detached.ListAsync(token)).Where(call => wanted is null || Word(call.Status) == wanted).ToArray();
                if (options.IsJson(parsed))
                {
                    var listed = new JsonArray();
                    foreach (var call in calls)
                    {
                        listed.Add(Json(call, await InvocationEnd.ErrorAsync(host.Detached, call, token)));
                    }

                    Output.Json(listed);
                }
                else
                {
                    Output.Table(
                        Columns,
                        [.. calls.Select(Row)],
                        wanted is null
                            ? "The host keeps no detached calls of this key. SubmitAsync makes them."
                            : $"The host keeps no detached calls of this key that are {wanted}."
                    );
                }
            }
        );
        return command;
    }

    /// <summary>A status as the command line knows it.</summary>
    public static string Word(InvocationStatus status) => status.ToString().ToLowerInvariant();

    private static string[] Row(InvocationRecord call) =>
        [
            InvocationIds.Short(call.Id),
            Word(call.Status),
            call.MachineType,
            Output.Ago(call.Created),
            call.Started is { } started ? Output.Span((call.Ended ?? TimeProvider.System.GetUtcNow()) - started) : "-",
            call.Key,
            call.Name ?? "-",
        ];

    /// <summary>A call for programs.</summary>
    /// <param name="call">The call.</param>
    /// <param name="error">What went wrong with it, in one line; null where nothing did.</param>
    public static JsonObject Json(InvocationRecord call, string? error) =>
        new()
        {
            ["id"] = call.Id.ToString("n"),
            ["name"] = call.Name,
            ["status"] = Word(call.Status),
            ["machineType"] = call.MachineType,
            ["requirements"] = new JsonArray([.. call.Requirements.Select(requirement => JsonValue.Create(requirement))]),
            ["function"] = call.Function.ToString(),
            ["created"] = Output.JsonTime(call.Created),
            ["started"] = Output.JsonTime(call.Started),
            ["ended"] = Output.JsonTime(call.Ended),
            ["attempts"] = call.Attempts,
            ["retries"] = call.Retries,
            ["keyId"] = call.Key,
            ["error"] = error,
        };
}
