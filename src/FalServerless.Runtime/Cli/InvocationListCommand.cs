using System.CommandLine;
using System.Text.Json.Nodes;
using FalServerless.Protocol;

namespace FalServerless.Runtime.Cli;

/// <summary><c>fal-serverless invocation list</c>: the detached calls that a host keeps.</summary>
internal static class InvocationListCommand
{
    private static readonly string[] Columns = ["ID", "NAME", "STATUS", "MACHINE TYPE", "CREATED", "STARTED", "ENDED", "ATTEMPTS", "KEY"];

    public static Command Create()
    {
        var command = new Command("list", "Lists the detached calls that a host keeps: one's own, or with a key of scope 'admin' all.");
        var status = new Option<string>("--status") { Description = "Only those that are queued, running, succeeded, failed, cancelled or interrupted.", HelpName = "status" };
        status.AcceptOnlyFromAmong([.. Enum.GetValues<InvocationStatus>().Select(Word)]);
        command.Add(status);
        var options = new RemoteOptions(command);
        options.Run(command, async (parsed, host, token) =>
        {
            var wanted = parsed.GetValue(status);
            var calls = (await host.Detached.ListAsync(token)).Where(call => wanted is null || Word(call.Status) == wanted).ToArray();
            if (options.IsJson(parsed))
            {
                Output.Json(new JsonArray([.. calls.Select(Json)]));
            }
            else
            {
                Output.Table(Columns, [.. calls.Select(Row)], wanted is null ? "The host keeps no detached calls of this key. SubmitAsync makes them." : $"The host keeps no detached calls of this key that are {wanted}.");
            }
        });
        return command;
    }

    private static string Word(InvocationStatus status) => status.ToString().ToLowerInvariant();

    private static string[] Row(InvocationRecord call) =>
    [
        call.Id.ToString("n"),
        call.Name ?? "-",
        Word(call.Status),
        call.MachineType,
        Output.Time(call.Created),
        Output.Time(call.Started),
        Output.Time(call.Ended),
        Output.Number(call.Attempts),
        call.Key,
    ];

    private static JsonNode Json(InvocationRecord call) => new JsonObject
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
        ["error"] = call.Error,
    };
}
