using System.CommandLine;
using FalServerless.Credentials;
using FalServerless.Hosts;
using FalServerless.Internal;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Hosts;

/// <summary>Which host a command is about, and in which form it answers.</summary>
internal sealed class RemoteOptions
{
    private readonly Option<string> _host = HostOption();
    private readonly Option<bool> _json = Output.JsonOption();

    public RemoteOptions(Command command)
    {
        command.Add(_host);
        command.Add(_json);
    }

    /// <summary>For commands that need more than others to find their host.</summary>
    public static Option<string> HostOption() =>
        new("--host")
        {
            Description = "The host's address; else that of FAL_HOST, else the one of 'fal-serverless auth login'.",
            HelpName = "url",
        };

    /// <summary>An address that somebody wrote.</summary>
    /// <exception cref="CliException">It is none.</exception>
    public static HostAddress Read(string text, string name) =>
        HostAddress.Read(text, out var fault) ?? throw new CliException($"{name}: {fault}") { IsUsage = true };

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>The host; null where none is named or configured.</summary>
    public HostAddress? Find(ParseResult parsed) =>
        parsed.GetValue(_host) is { } text ? Read(text, "--host") : HostResolver.OfProcess.Find();

    /// <exception cref="CliException">No host is named or configured.</exception>
    public HostAddress Require(ParseResult parsed) =>
        Find(parsed)
        ?? throw new CliException(
            $"No host is named: there is no --host, {Variables.Host} is not set, and there is no profile "
                + $"'{ProfileFile.PathFor(Environment.GetEnvironmentVariable)}'. Name one with --host, set {Variables.Host} and "
                + $"{Variables.Key}, or run 'fal-serverless auth login'. (FalHost.Local lives within the program that uses it, "
                + $"and has nothing to show here.)"
        )
        {
            IsUsage = true,
        };

    /// <summary>Has the command do this with its host, until it is done or interrupted.</summary>
    public void Run(Command command, Func<ParseResult, HostClient, CancellationToken, Task> action) =>
        command.SetAction(
            (parsed, _) =>
                Interruption.RunAsync(async token =>
                {
                    var address = Require(parsed);
                    var client = await CloudHosts.At(address).ConnectAsync(token);
                    await action(parsed, new(address, client), token);
                    return 0;
                })
        );
}
