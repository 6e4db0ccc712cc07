using System.CommandLine;
using FalServerless.Hosts;
using FalServerless.Tool.Hosts;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Data;

/// <summary>
/// Whose <c>/data</c> a command is about: that of the host which is named or configured, else that of this machine, which all hosts of the
/// user here share.
/// </summary>
internal sealed class DataOptions(Command command)
{
    private readonly RemoteOptions _remote = new(command);

    public bool IsJson(ParseResult parsed) => _remote.IsJson(parsed);

    /// <summary>Has the command do this, until it is done or interrupted.</summary>
    public void Run(Func<ParseResult, FalHost, CancellationToken, Task> action) =>
        command.SetAction(
            (parsed, _) =>
                Interruption.RunAsync(async token =>
                {
                    FalHost host = _remote.Find(parsed) is { } address ? CloudHosts.At(address) : FalHost.Local;
                    try
                    {
                        await action(parsed, host, token);
                    }
                    catch (ArgumentException e)
                    {
                        // What the library says of a path; the name of its parameter tells nothing here.
                        throw new CliException(
                            e.ParamName is null
                                ? e.Message
                                : e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal),
                            e
                        )
                        {
                            IsUsage = true,
                        };
                    }

                    return 0;
                })
        );
}
