using System.CommandLine;
using System.Text.Json.Nodes;
using FalServerless.Tool.Hosts;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Workers;

/// <summary><c>fal-serverless worker logs</c>: what a worker's calls wrote last.</summary>
internal static class WorkerLogsCommand
{
    private const int UsualLines = 100;

    public static Command Create()
    {
        var command = new Command("logs", "Shows the last lines that a worker wrote, whichever calls they were of.");
        var id = WorkerArgument.Create();
        var lines = NumberOptions.Option("--lines", "How many lines at most", UsualLines, least: 1);
        var timestamps = new Option<bool>("--timestamps") { Description = "Show when each line was written, in UTC." };
        command.Add(id);
        command.Add(lines);
        command.Add(timestamps);
        var options = new RemoteOptions(command);
        options.Run(
            command,
            async (parsed, host, token) =>
            {
                var entries = await host.WorkerLogAsync(parsed.GetValue(id)!, parsed.GetValue(lines), token);
                if (options.IsJson(parsed))
                {
                    Output.Json(new JsonArray([.. entries.Select(LogOutput.Json)]));
                    return;
                }

                foreach (var entry in entries)
                {
                    Output.Line(LogOutput.Line(entry, parsed.GetValue(timestamps)));
                }
            }
        );
        return command;
    }
}
