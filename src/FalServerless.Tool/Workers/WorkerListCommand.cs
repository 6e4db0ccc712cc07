using System.CommandLine;
using System.Text.Json.Nodes;
using FalServerless.Protocol.Http;
using FalServerless.Tool.Environments;
using FalServerless.Tool.Hosts;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Workers;

/// <summary><c>fal-serverless worker list</c>: the workers of a host at this moment.</summary>
internal static class WorkerListCommand
{
    private static readonly string[] Columns = ["ID", "STATE", "TYPE", "KEY", "CALLS", "MEMORY", "AGE", "ENDS IN", "ENV"];

    public static Command Create()
    {
        var command = new Command("list", "Lists the workers of a host.");
        var options = new RemoteOptions(command);
        options.Run(
            command,
            async (parsed, host, token) =>
            {
                var workers = await host.WorkersAsync(token);
                if (options.IsJson(parsed))
                {
                    Output.Json(new JsonArray([.. workers.Select(Json)]));
                }
                else
                {
                    Output.Table(Columns, [.. workers.Select(Row)], "The host has no workers at this moment.");
                }
            }
        );
        return command;
    }

    private static string[] Row(WorkerStatus worker) =>
        [
            worker.Id,
            worker.Running > 1 ? $"{Word(worker.State)} ({Output.Number(worker.Running)})" : Word(worker.State),
            worker.MachineType ?? "-",
            worker.Key ?? "-",
            Output.Number(worker.Calls),
            Output.Size(worker.MemoryBytes),
            Output.Span(worker.StartedAt),
            Output.Span(worker.KeepAliveEnds),
            worker.Environment is { } environment ? EnvironmentKeys.Short(environment) : "-",
        ];

    private static string Word(WorkerState state) => state.ToString().ToLowerInvariant();

    private static JsonNode Json(WorkerStatus worker) =>
        new JsonObject
        {
            ["id"] = worker.Id,
            ["state"] = Word(worker.State),
            ["machineType"] = worker.MachineType,
            ["key"] = worker.Key,
            ["environment"] = worker.Environment?.ToString(),
            ["running"] = worker.Running,
            ["calls"] = worker.Calls,
            ["memoryBytes"] = worker.MemoryBytes,
            ["started"] = Output.JsonTime(worker.StartedAt),
            ["idleSince"] = Output.JsonTime(worker.IdleSince),
            ["keepAliveEnds"] = Output.JsonTime(worker.KeepAliveEnds),
        };
}
