using System.CommandLine;
using System.CommandLine.Help;
using FalServerless.Tool.Auth;
using FalServerless.Tool.Data;
using FalServerless.Tool.Diagnosis;
using FalServerless.Tool.Environments;
using FalServerless.Tool.Invocations;
using FalServerless.Tool.Keys;
using FalServerless.Tool.Serving;
using FalServerless.Tool.Terminal;
using FalServerless.Tool.Workers;

namespace FalServerless.Tool.Commands;

/// <summary>All commands.</summary>
internal static class CliCommands
{
    // A root command would call itself what its file is called, which is not how it was started.
    public static Command Root() =>
        new("fal-serverless", "Runs any C# lambda in an isolated worker: the host, and what one does with it.")
        {
            new HelpOption
            {
                Recursive = true,
                Action = new HelpAction { MaxWidth = Output.UsualWidth },
            },
            new VersionOption(),
            ServeCommand.Create(),
            new Command("key", "The keys of a host on this machine.")
            {
                KeyCreateCommand.Create(),
                KeyListCommand.Create(),
                KeyRevokeCommand.Create(),
            },
            AuditCommand.Create(),
            new Command("auth", "The host that programs of this user call, and the key that they have for it.")
            {
                AuthLoginCommand.Create(),
                AuthLogoutCommand.Create(),
                AuthWhoamiCommand.Create(),
            },
            new Command("worker", "The workers of a host.")
            {
                WorkerListCommand.Create(),
                WorkerStopCommand.Create(),
                WorkerLogsCommand.Create(),
            },
            new Command("environment", "What is restored on a host for functions that require packages.")
            {
                EnvironmentListCommand.Create(),
                EnvironmentBuildCommand.Create(),
                EnvironmentRemoveCommand.Create(),
            },
            new Command("invocation", "The detached calls that a host keeps.")
            {
                InvocationListCommand.Create(),
                InvocationShowCommand.Create(),
                InvocationResultCommand.Create(),
                InvocationLogsCommand.Create(),
                InvocationCancelCommand.Create(),
            },
            new Command("data", "The files that functions find in /data.")
            {
                DataSyncCommand.Create(),
                DataListCommand.Create(),
                DataDownloadCommand.Create(),
            },
            DoctorCommand.Create(),
        };
}
