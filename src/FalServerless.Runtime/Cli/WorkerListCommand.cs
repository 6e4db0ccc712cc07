using System.CommandLine;
using System.Text.Json.Nodes;
using FalServerless.Protocol;

namespace FalServerless.Runtime.Cli;

/// <summary><c>fal-serverless worker list</c>: the workers of a host at this moment.</summary>
internal static class WorkerListCommand
{
    private static readonly string[] Columns = ["ID", "STATE", "TYPE", "KEY", "ENVIRONMENT", "RUNNING", "CALLS", "MEMORY", "STARTED", "KEEP-ALIVE ENDS"];

    public static Command Create()
    {
        var command = new Command("list", "Lists the workers of a host.");
        var options = new RemoteOptions(command);
        options.Run(command, async (parsed, host, token) =>
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
        });
        return command;
    }

    private static string[] Row(WorkerStatus worker) =>
    [
        Output.Number(worker.ProcessId),
        Word(worker.State),
        worker.MachineType ?? "-",
        worker.Key ?? "-",
        worker.Environment is { } environment ? EnvironmentKeys.Short(environment) : "-",
        Output.Number(worker.Running),
        Output.Number(worker.Calls),
        Output.Size(worker.MemoryBytes),
        Output.Time(worker.StartedAt),
        Output.Time(worker.KeepAliveEnds),
    ];

    private static string Word(WorkerState state) => state.ToString().ToLowerInvariant();

    private static JsonNode Json(WorkerStatus worker) => new JsonObject
    {
        ["id"] = worker.ProcessId,
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
