using System.CommandLine;
using System.Text.Json.Nodes;
using FalServerless.Tool.Hosts;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Workers;

/// <summary><c>fal-serverless worker stop</c>: ends a worker, after its calls or at once.</summary>
internal static class WorkerStopCommand
{
    public static Command Create()
    {
        var command = new Command("stop", "Ends a worker: it takes no new calls, and those that it runs may end.");
        var id = WorkerArgument.Create();
        var force = new Option<bool>("--force") { Description = "End it at once; the calls that it runs fail." };
        command.Add(id);
        command.Add(force);
        var options = new RemoteOptions(command);
        options.Run(
            command,
            async (parsed, host, token) =>
            {
                var worker = parsed.GetValue(id)!;
                var isNow = await host.StopWorkerAsync(worker, parsed.GetValue(force), token);
                if (options.IsJson(parsed))
                {
                    Output.Json(new JsonObject { ["id"] = worker, ["outcome"] = isNow ? "stopping" : "draining" });
                }
                else
                {
                    Output.Line(
                        isNow ? $"The worker {worker} ends." : $"The worker {worker} takes no new calls, and ends after those that it runs."
                    );
                }
            }
        );
        return command;
    }
}
