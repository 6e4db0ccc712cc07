using System.CommandLine;

namespace FalServerless.Tool.Serving;

/// <summary><c>fal-serverless serve</c>: runs a host until it is asked to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var command = new Command(
            "serve",
            "Runs a host that other programs call. Every setting is also an environment variable (--queue-limit: FAL_QUEUE_LIMIT) and "
                + "an entry of the file (queueLimit)."
        );
        var options = new SettingOptions(command);
        command.SetAction(
            (parsed, _) =>
            {
                var reader = options.Read(parsed);
                return ServeSettings.Read(reader, TimeProvider.System.GetUtcNow()) is { } settings
                    ? ServedRun.RunAsync(settings)
                    : throw SettingOptions.Wrong(reader);
            }
        );
        return command;
    }
}
