using System.CommandLine;
using System.Text.Json.Nodes;

namespace FalServerless.Runtime.Cli;

/// <summary><c>fal-serverless worker logs</c>: what a worker's calls wrote last.</summary>
internal static class WorkerLogsCommand
{
    private const int UsualLines = 100;

    public static Command Create()
    {
        var command = new Command("logs", "Shows the last lines that a worker wrote, whichever calls they were of.");
        var id = new Argument<int>("id") { Description = "The worker's id, as 'worker list' shows it." };
        var lines = new Option<int>("--lines") { Description = $"How many lines at most ({UsualLines}).", DefaultValueFactory = _ => UsualLines, HelpName = "number" };
        lines.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var given) && given < 1)
            {
                result.AddError($"--lines is {given}; it must be 1 at least.");
            }
        });
        var timestamps = new Option<bool>("--timestamps") { Description = "Show when each line was written, in UTC." };
        command.Add(id);
        command.Add(lines);
        command.Add(timestamps);
        var options = new RemoteOptions(command);
        options.Run(command, async (parsed, host, token) =>
        {
            var entries = await host.WorkerLogAsync(parsed.GetValue(id), parsed.GetValue(lines), token);
            if (options.IsJson(parsed))
            {
                Output.Json(new JsonArray([.. entries.Select(LogOutput.Json)]));
                return;
            }

            foreach (var entry in entries)
            {
                Output.Line(LogOutput.Line(entry, parsed.GetValue(timestamps)));
            }
        });
        return command;
    }
}
