using System.CommandLine;
using FalServerless.Tool.Hosts;

namespace FalServerless.Tool.Invocations;

/// <summary>Which detached call a command is about, and on which host.</summary>
internal sealed class InvocationOptions
{
    private readonly Command _command;
    private readonly Argument<string> _id = InvocationIds.Argument();
    private readonly RemoteOptions _remote;

    public InvocationOptions(Command command)
    {
        _command = command;
        command.Add(_id);
        _remote = new(command);
    }

    public bool IsJson(ParseResult parsed) => _remote.IsJson(parsed);

    /// <summary>Has the command do this with the call, until it is done or interrupted.</summary>
    public void Run(Func<ParseResult, HostClient, Guid, CancellationToken, Task> action) =>
        _remote.Run(
            _command,
            async (parsed, host, token) =>
                await action(parsed, host, await InvocationIds.FindAsync(host, parsed.GetValue(_id)!, token), token)
        );
}
