using System.Text.Json;
using System.Text.RegularExpressions;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Tool;

public class InvocationCommandsTests(RemoteCli cli) : IClassFixture<RemoteCli>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ADetachedCallIsListedAndItsLogIsReadFromAnyLineOn()
    {
        var call = await Isolated
            .Create((int count) => Bodies.WriteLines(0, count), new() { Host = cli.Host.Host, Name = "writes lines" })
            .SubmitAsync(3, Token);
        await call.GetResultAsync(Token);
        var id = call.Id.ToString("n");

        var listed = Assert.Single(
            (await cli.JsonAsync("invocation", "list")).EnumerateArray(),
            listed => listed.GetProperty("id").GetString() == id
        );
        Assert.Equal(
            ("writes lines", "succeeded", cli.Host.Key.Id),
            (listed.GetProperty("name").GetString(), listed.GetProperty("status").GetString(), listed.GetProperty("keyId").GetString())
        );
        Assert.True(listed.GetProperty("created").GetDateTimeOffset() <= listed.GetProperty("ended").GetDateTimeOffset());
        Assert.Contains(
            (await cli.OutputAsync("invocation", "list", "--status", "succeeded")).Split('\n'),
            line => Regex.IsMatch(line, $@"^{id[..12]}  succeeded +\w+ +\d+s ago +\d+s +{cli.Host.Key.Id}  writes lines$")
        );
        Assert.DoesNotContain(id[..12], await cli.OutputAsync("invocation", "list", "--status", "failed"));

        Assert.Equal("line 0\nline 1\nline 2\n", await cli.OutputAsync("invocation", "logs", id));
        Assert.Equal("line 2\n", await cli.OutputAsync("invocation", "logs", id[..12], "--from", "2", "--follow"));
        Assert.Matches(
            @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z line 0\n",
            await cli.OutputAsync("invocation", "logs", call.Id.ToString("d"), "--timestamps")
        );
        Assert.Equal(
            ["line 1", "line 2"],
            (await cli.JsonAsync("invocation", "logs", id, "--from", "1"))
                .EnumerateArray()
                .Select(entry => entry.GetProperty("message").GetString())
        );
        Assert.Equal("succeeded", (await cli.JsonAsync("invocation", "cancel", id)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task TheEndOfTheReadingDoesNotEndTheCallAndIsSaidHowToGoOn()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("go");
        var call = await Isolated.Create(() => Bodies.SayAndWaitFor("at work", path), new() { Host = cli.Host.Host }).SubmitAsync(Token);
        var id = call.Id.ToString("n");
        await using var follow = CliRun.Start(cli.Configured(cli.Host.Key), "", "invocation", "logs", id, "--follow");
        Assert.Equal("at work", await follow.Output.ReadLineAsync(Token));

        follow.Terminate();

        var outcome = await follow.EndAsync();
        Assert.Equal((143, ""), (outcome.ExitCode, outcome.Output));
        Assert.Equal(
            $"The invocation continues. Follow it from here with: fal-serverless invocation logs {id} --follow --from 1\nCancel it "
                + $"with: fal-serverless invocation cancel {id}\n",
            outcome.Errors
        );

        await using var document = CliRun.Start(cli.Configured(cli.Host.Key), "", "invocation", "logs", id, "--follow", "--json");
        Assert.StartsWith("[{", await document.Output.ReadLineAsync(Token), StringComparison.Ordinal);
        document.Terminate();
        Assert.Equal("]\n", (await document.EndAsync()).Output);

        Assert.Equal(InvocationStatus.Running, await call.GetStatusAsync(Token));
        File.WriteAllText(path, "");
        Assert.True(await call.GetResultAsync(Token));
    }

    [Fact]
    public async Task ADetachedCallIsCancelled()
    {
        var call = await Isolated
            .Create(() => Bodies.SayAndBlock("at work"), new() { Host = cli.Host.Host, CancellationGrace = TimeSpan.FromMilliseconds(100) })
            .SubmitAsync(Token);

        Assert.Equal($"The invocation {call.Id:n} is cancelled.\n", await cli.OutputAsync("invocation", "cancel", call.Id.ToString("n")));

        Assert.Equal(InvocationStatus.Cancelled, await call.GetStatusAsync(Token));
    }

    [Fact]
    public async Task ADetachedCallThatFailedShowsWhatWasThrownWithItsLog()
    {
        var call = await Isolated.Create(() => SayAndFail("before"), new() { Host = cli.Host.Host }).SubmitAsync(Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.GetResultAsync(Token));
        var id = call.Id.ToString("n");

        var shown = await cli.OutputAsync("invocation", "show", id);
        var json = await cli.JsonAsync("invocation", "show", id);
        var listed = Assert.Single(
            (await cli.JsonAsync("invocation", "list")).EnumerateArray(),
            listed => listed.GetProperty("id").GetString() == id
        );
        await using var run = CliRun.Start(cli.Configured(cli.Host.Key), "", "invocation", "result", id);
        var result = await run.EndAsync();

        Assert.Contains("System.InvalidOperationException: No luck.", shown, StringComparison.Ordinal);
        Assert.Contains("System.FormatException: the cause", shown, StringComparison.Ordinal);
        Assert.Contains($"at {typeof(InvocationCommandsTests).FullName}.{nameof(SayAndFail)}", shown, StringComparison.Ordinal);
        Assert.Equal("System.InvalidOperationException: No luck.", json.GetProperty("error").GetString());
        Assert.Equal("System.InvalidOperationException: No luck.", listed.GetProperty("error").GetString());
        Assert.Equal("System.InvalidOperationException", json.GetProperty("failure").GetProperty("type").GetString());
        Assert.Contains(nameof(SayAndFail), json.GetProperty("failure").GetProperty("stackTrace").GetString(), StringComparison.Ordinal);
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("System.InvalidOperationException: No luck.", result.Errors, StringComparison.Ordinal);
        Assert.Contains(nameof(SayAndFail), result.Errors, StringComparison.Ordinal);
        Assert.Equal("before\n", await cli.OutputAsync("invocation", "logs", id));
    }

    [Fact]
    public async Task TheResultOfADetachedCallIsShownWithoutItsTypes()
    {
        var call = await Isolated
            .Create(
                () =>
                    new
                    {
                        Name = "x",
                        Numbers = new[] { 1, 2 },
                        Nothing = (string?)null,
                    },
                new() { Host = cli.Host.Host }
            )
            .SubmitAsync(Token);

        var result = JsonDocument.Parse(await cli.OutputAsync("invocation", "result", call.Id.ToString("n"))).RootElement;
        var shown = await cli.JsonAsync("invocation", "show", call.Id.ToString("n"));

        Assert.Contains("\"x\"", result.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("[1,2]", result.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("error").ValueKind);
    }

    [Fact]
    public async Task AnIdThatIsNoneIsSaid()
    {
        var noId = await cli.RunAsync("invocation", "logs", "12");
        var unknown = await cli.RunAsync("invocation", "cancel", Guid.NewGuid().ToString("n"));
        var noStatus = await cli.RunAsync("invocation", "list", "--status", "done");

        Assert.Equal((2, 1, 2), (noId.ExitCode, unknown.ExitCode, noStatus.ExitCode));
        Assert.Contains("'12' is not the id of an invocation: that is 32 hexadecimal digits", noId.Errors);
        Assert.Contains("This host keeps no detached call", unknown.Errors);
        Assert.Contains("interrupted", noStatus.Errors);
    }

    private static int SayAndFail(string line)
    {
        Console.WriteLine(line);
        throw new InvalidOperationException("No luck.", new FormatException("the cause"));
    }
}
