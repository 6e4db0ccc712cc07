namespace FalServerless.Tests.Runtime.Cli;

/// <summary>What all commands that ask a host have in common.</summary>
public class RemoteCommandsTests(RemoteCli cli) : IClassFixture<RemoteCli>
{
    public static TheoryData<string> Commands =>
    [
        "auth whoami", "worker list", "worker stop 1", "worker logs 1", "environment list", "environment build A==1.0", "environment remove 0000", "invocation list",
        "invocation logs 0123456789abcdef0123456789abcdef", "invocation cancel 0123456789abcdef0123456789abcdef", "data list",
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task AHostThatCannotBeReachedAndAKeyThatIsWrongAreALineEach(string command)
    {
        var closed = await CliRun.RunAsync(new Dictionary<string, string>(cli.Nothing) { ["FAL_KEY"] = "k_a:secretText" }, "", [.. command.Split(' '), "--host", "http://127.0.0.1:1"]);
        var wrong = await CliRun.RunAsync(new Dictionary<string, string>(cli.Nothing) { ["FAL_KEY"] = $"{cli.Host.Key.Id}:secretText" }, "", [.. command.Split(' '), "--json", "--host", cli.Url]);

        foreach (var (outcome, words) in new[] { (closed, "cannot be reached: Connection refused"), (wrong, $"does not accept the key '{cli.Host.Key.Id}', which comes from FAL_KEY") })
        {
            Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
            Assert.Contains(words, outcome.Errors);
            Assert.Single(outcome.Errors.Trim().Split('\n'));
            Assert.DoesNotContain("secretText", outcome.Errors);
        }
    }

    [Theory]
    [InlineData("auth whoami")]
    [InlineData("worker list")]
    [InlineData("environment list")]
    [InlineData("invocation list")]
    public async Task WithoutAHostThereIsNothingToAsk(string command)
    {
        var outcome = await CliRun.RunAsync(cli.Nothing, "", command.Split(' '));

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("No host is named: there is no --host, FAL_HOST is not set, and there is no profile", outcome.Errors);
        Assert.Contains("fal-serverless auth login", outcome.Errors);

        outcome = await CliRun.RunAsync(new Dictionary<string, string>(cli.Nothing) { ["FAL_PROFILE"] = "/missing/profile.json" }, "", command.Split(' '));

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("FAL_PROFILE names '/missing/profile.json', and there is no such file.", outcome.Errors);
    }

    [Theory]
    [InlineData("worker stop --help", "Ends a worker")]
    [InlineData("auth login --help", "--key-stdin")]
    [InlineData("--version", ".")]
    public async Task HelpIsNoError(string arguments, string words)
    {
        var outcome = await CliRun.RunAsync(cli.Nothing, "", arguments.Split(' '));

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        Assert.Contains(words, outcome.Output);
        Assert.DoesNotContain("--key ", outcome.Output);
    }

    [Theory]
    [InlineData("worker lst", "'lst' was not matched. Did you mean one of the following?\nlist")]
    [InlineData("worker stop", "Required argument 'id' missing for command: 'stop'.")]
    [InlineData("environment build --hosst x", "'--hosst' is no requirement")]
    [InlineData("data sync here", "Required argument 'remote' missing for command: 'sync'.")]
    [InlineData("invocation", "Required command was not provided.")]
    [InlineData("auth whoami --host fal.example.org", "--host: 'fal.example.org' is no address of a host")]
    public async Task ACommandLineThatIsNoneIsAnsweredWithWhatIsWrong(string arguments, string words)
    {
        var outcome = await CliRun.RunAsync(cli.Nothing, "", arguments.Split(' '));

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(words, outcome.Errors);
        Assert.DoesNotContain("   at ", outcome.Errors);
    }
}
