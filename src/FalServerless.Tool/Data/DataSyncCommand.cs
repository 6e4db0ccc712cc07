using System.CommandLine;

namespace FalServerless.Tool.Data;

/// <summary><c>fal-serverless data sync</c>: brings a folder to <c>/data</c>.</summary>
internal static class DataSyncCommand
{
    public static Command Create()
    {
        var command = new Command("sync", "Uploads a folder to /data; what is there already is not sent.");
        var local = new Argument<string>("local") { Description = "The folder here." };
        var remote = new Argument<string>("remote") { Description = "The target, below /data/." };
        var mirror = new Option<bool>("--mirror") { Description = "Remove what the folder there has beyond this one." };
        var all = new Option<bool>("--no-gitignore") { Description = "Send also what .gitignore files name." };
        var parallelism = DataTransfer.ParallelismOption();
        command.Add(local);
        command.Add(remote);
        command.Add(mirror);
        command.Add(all);
        command.Add(parallelism);
        var options = new DataOptions(command);
        options.Run(
            async (parsed, host, token) =>
            {
                var sync = new SyncOptions
                {
                    Host = host,
                    Mirror = parsed.GetValue(mirror),
                    RespectGitIgnore = !parsed.GetValue(all),
                    Parallelism = parsed.GetValue(parallelism),
                };
                await DataTransfer.RunAsync(
                    "Uploading",
                    options.IsJson(parsed),
                    progress => SyncDir.UploadAsync(parsed.GetValue(local)!, parsed.GetValue(remote)!, sync, progress, token)
                );
            }
        );
        return command;
    }
}
