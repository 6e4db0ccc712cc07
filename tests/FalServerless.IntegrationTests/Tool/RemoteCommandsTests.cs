namespace FalServerless.IntegrationTests.Tool;

/// <summary>What all commands that ask a host have in common.</summary>
public class RemoteCommandsTests(RemoteCli cli) : IClassFixture<RemoteCli>
{
    public static TheoryData<string> Commands =>
        [
            "auth whoami",
            "worker list",
            "worker stop 1",
            "worker logs 1",
            "environment list",
            "environment build A==1.0",
            "environment remove 0000",
            "invocation list",
            "invocation logs 0123456789abcdef0123456789abcdef",
            "invocation cancel 0123456789abcdef0123456789abcdef",
            "data list",
        ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task AHostThatCannotBeReachedAndAKeyThatIsWrongAreALineEach(string command)
    {
        var closed = await CliRun.RunAsync(
            new Dictionary<string, string>(cli.Nothing) { ["FAL_KEY"] = "k_a:secretText" },
            "",
            [.. command.Split(' '), "--host", "http://127.0.0.1:1"]
        );
        var wrong = await CliRun.RunAsync(
            new Dictionary<string, string>(cli.Nothing) { ["FAL_KEY"] = $"{cli.Host.Key.Id}:secretText" },
            "",
            [.. command.Split(' '), "--json", "--host", cli.Url]
        );

        foreach (
            var (outcome, words) in new[]
            {
                (closed, "cannot be reached: Connection refused"),
                (wrong, $"does not accept the key '{cli.Host.Key.Id}', which comes from FAL_KEY"),
            }
        )
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

        outcome = await CliRun.RunAsync(
            new Dictionary<string, string>(cli.Nothing) { ["FAL_PROFILE"] = "/missing/profile.json" },
            "",
            command.Split(' ')
        );

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
    [InlineData("worker lst", "'lst' is not a command of 'fal-serverless worker'. Did you mean 'list'?\n\nUsage:\n  fal-serverless worker")]
    [InlineData("worker ls", "Did you mean 'list'?")]
    [InlineData("worker rm 1", "Did you mean 'stop'?")]
    [InlineData("workers list", "'workers' is not a command of 'fal-serverless'. Did you mean 'worker'?")]
    [InlineData("logs", "Did you mean 'worker logs', or 'invocation logs'?")]
    [InlineData("login", "Did you mean 'auth login'?")]
    [InlineData("x", "fal-serverless: 'x' is not a command of 'fal-serverless'.\n\nUsage:\n  fal-serverless")]
    [InlineData("worker list --jsn", "'fal-serverless worker list' has no option '--jsn'. Did you mean '--json'?")]
    [InlineData("worker list --x", "'fal-serverless worker list' has no option '--x'.\n\nUsage:\n  fal-serverless worker list [options]\n")]
    [InlineData("worker list --host", "--host needs a value: --host <url>.")]
    [InlineData(
        "worker logs 1 2",
        "'2' is one argument more than 'fal-serverless worker logs' takes.\n\nUsage:\n  fal-serverless worker logs <id> [options]\n"
    )]
    [InlineData("worker stop", "'fal-serverless worker stop' needs <id>. The worker's id")]
    [InlineData(
        "invocation list --status done",
        "--status is 'done'; it must be queued, running, succeeded, failed, cancelled or interrupted."
    )]
    [InlineData("environment build --hosst x", "'fal-serverless environment build' has no option '--hosst'. Did you mean '--host'?")]
    [InlineData("key revoke --jsn", "'fal-serverless key revoke' has no option '--jsn'. Did you mean '--json'?")]
    [InlineData("data sync here", "'fal-serverless data sync' needs <remote>.")]
    [InlineData("invocation", "'fal-serverless invocation' needs a command: list, show, result, logs or cancel.")]
    [InlineData("auth whoami --host fal.example.org", "--host: 'fal.example.org' is not the address of a host")]
    public async Task ACommandLineThatIsNoneIsAnsweredWithWhatIsWrong(string arguments, string words)
    {
        var outcome = await CliRun.RunAsync(cli.Nothing, "", arguments.Split(' '));

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(words, outcome.Errors);
        Assert.DoesNotContain("   at ", outcome.Errors);
        Assert.DoesNotContain("/v1/", outcome.Errors);
    }
}
