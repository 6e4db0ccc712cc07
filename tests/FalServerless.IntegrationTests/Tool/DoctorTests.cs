using System.Text.Json;
using System.Text.RegularExpressions;

namespace FalServerless.IntegrationTests.Tool;

public partial class DoctorTests(RemoteCli cli) : IClassFixture<RemoteCli>
{
    [Fact]
    public async Task EachThingIsSaidToWorkOrNotAndWhatToDo()
    {
        var report = await cli.JsonAsync("doctor");

        Assert.True(report.GetProperty("works").GetBoolean());
        var checks = report.GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("name").GetString()!);
        Assert.Equal(
            [
                ".NET runtime",
                ".NET SDK",
                "worker program",
                "control groups",
                "mount namespace",
                "docker",
                "GPUs",
                "state folder",
                "data folder",
                "environments folder",
                "temporary folder",
                "host",
                "clock",
                "key",
            ],
            checks.Keys
        );
        Assert.All(
            checks.Values,
            check =>
                Assert.Equal(check.GetProperty("state").GetString() == "works", check.GetProperty("advice").ValueKind == JsonValueKind.Null)
        );
        foreach (var name in new[] { ".NET runtime", ".NET SDK", "worker program", "temporary folder", "host", "clock", "key" })
        {
            Assert.Equal("works", checks[name].GetProperty("state").GetString());
        }

        Assert.Contains($"{cli.Host.Admin.Id}, scope admin, from FAL_KEY", checks["key"].GetProperty("found").GetString());
        var table = await cli.OutputAsync("doctor");
        Assert.Matches(@"works +host +http://127.0.0.1:\d+ answers, without TLS", table);
        Assert.False(Directory.Exists(Path.Combine(cli.Folder, "share")), "It made folders.");
    }

    [Fact]
    public async Task WhatIsNeededAndDoesNotWorkIsAFailure()
    {
        var settings = new Dictionary<string, string>(cli.Nothing)
        {
            ["FAL_HOST"] = "http://127.0.0.1:1",
            ["FAL_KEY"] = "k_a:secretText",
            ["FAL_STATE"] = "/proc/none",
            ["FAL_CGROUPS"] = "off",
            ["FAL_NAMESPACES"] = "off",
        };

        var outcome = await CliRun.RunAsync(settings, "", "doctor");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Errors));
        var shown = Spaces().Replace(outcome.Output, " ");
        Assert.Matches(@"fails +host +The host http://127.0.0.1:1 cannot be reached: Connection refused", shown);
        Assert.Matches(@"fails +state folder +'/proc/none', to be made:", shown);
        Assert.Matches(@"limited +control groups +FAL_CGROUPS is 'off'", shown);
        Assert.Matches(@"limited +mount namespace +FAL_NAMESPACES is 'off'", shown);
        Assert.All(outcome.Output.Split('\n'), line => Assert.True(line.Length <= 80 && line.TrimEnd() == line, line));
        Assert.Contains("What to do:", outcome.Output);
        Assert.Contains("or name another folder with --state or FAL_STATE.", shown);
        Assert.DoesNotContain("secretText", outcome.Output);
    }

    [Fact]
    public async Task AKeyThatIsWrongIsAFailureAndNoHostIsNone()
    {
        var wrong = await CliRun.RunAsync(
            new Dictionary<string, string>(cli.Nothing) { ["FAL_HOST"] = cli.Url, ["FAL_KEY"] = $"{cli.Host.Key.Id}:wrongSecret" },
            "",
            "doctor"
        );
        var none = await CliRun.RunAsync(cli.Nothing, "", "doctor");

        Assert.Equal((1, 0), (wrong.ExitCode, none.ExitCode));
        Assert.Matches(@"fails +key +The host .* does not accept the key", Spaces().Replace(wrong.Output, " "));
        Assert.DoesNotContain("wrongSecret", wrong.Output);
        Assert.Matches(@"works +host +none is configured", none.Output);
    }

    [Fact]
    public async Task OnATerminalThereAreColoursUnlessNobodyWantsThem()
    {
        var settings = new Dictionary<string, string>(cli.Nothing) { ["TERM"] = "xterm-256color" };

        var colourful = await TerminalRun.RunAsync(settings, "", "", "doctor");
        var plain = await TerminalRun.RunAsync(new Dictionary<string, string>(settings) { ["NO_COLOR"] = "1" }, "", "", "doctor");

        Assert.Equal((0, 0), (colourful.ExitCode, plain.ExitCode));
        Assert.Contains("\x1b[38;5;2mworks", colourful.Output);
        Assert.DoesNotContain("\x1b[3", plain.Output);
        Assert.DoesNotContain("\x1b[1m", plain.Output);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
