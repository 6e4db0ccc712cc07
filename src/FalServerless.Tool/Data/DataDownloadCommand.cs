using System.CommandLine;

namespace FalServerless.Tool.Data;

/// <summary><c>fal-serverless data download</c>: brings a folder of <c>/data</c> here.</summary>
internal static class DataDownloadCommand
{
    public static Command Create()
    {
        var command = new Command("download", "Downloads a folder of /data; files that are here already are not sent.");
        var remote = new Argument<string>("remote") { Description = "The folder in /data." };
        var local = new Argument<string>("local") { Description = "The target folder; created if it is missing." };
        var mirror = new Option<bool>("--mirror") { Description = "Remove what the folder here has beyond that one." };
        var parallelism = DataTransfer.ParallelismOption();
        command.Add(remote);
        command.Add(local);
        command.Add(mirror);
        command.Add(parallelism);
        var options = new DataOptions(command);
        options.Run(
            async (parsed, host, token) =>
            {
                var sync = new SyncOptions
                {
                    Host = host,
                    Mirror = parsed.GetValue(mirror),
                    Parallelism = parsed.GetValue(parallelism),
                };
                await DataTransfer.RunAsync(
                    "Downloading",
                    options.IsJson(parsed),
                    progress => SyncDir.DownloadAsync(parsed.GetValue(remote)!, parsed.GetValue(local)!, sync, progress, token)
                );
            }
        );
        return command;
    }
}
