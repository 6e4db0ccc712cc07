using System.CommandLine;
using System.CommandLine.Help;

namespace FalServerless.Runtime.Cli;

/// <summary>All commands.</summary>
internal static class CliCommands
{
    // A root command would call itself what its file is called, which is not how it was started.
    public static Command Root() => new("fal-serverless", "Runs any C# lambda in an isolated worker: the host, and what one does with it.")
    {
        new HelpOption { Recursive = true },
        new VersionOption(),
        ServeCommand.Create(),
        new Command("key", "The keys of a host on this machine.")
        {
            KeyCreateCommand.Create(),
            KeyListCommand.Create(),
            KeyRevokeCommand.Create(),
        },
        AuditCommand.Create(),
    };
}
