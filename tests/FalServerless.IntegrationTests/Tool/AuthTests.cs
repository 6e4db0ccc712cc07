using System.Text.Json;
using FalServerless.IntegrationTests.Runtime;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Tool;

public class AuthTests(RemoteCli cli) : IClassFixture<RemoteCli>
{
    [Fact]
    public async Task AKeyIsRememberedOnceTheHostHasTakenItAndForgottenAgain()
    {
        var key = cli.Host.Key;
        var login = await CliRun.RunAsync(cli.Nothing, key.Text + "\n", "auth", "login", "--host", cli.Url, "--key-stdin");

        Assert.Equal((0, ""), (login.ExitCode, login.Errors));
        Assert.Contains($"{cli.Url} has taken the key {key.Id}: scope invoke, good until it is revoked.", login.Output);
        Assert.True(FileModes.IsPrivate(cli.Profile));

        var whoami = await CliRun.RunAsync(cli.Nothing, "", "auth", "whoami");
        Assert.Equal((0, ""), (whoami.ExitCode, whoami.Errors));
        Assert.Contains($"Host:     {cli.Url}\nKey:      {key.Id}\n", whoami.Output);
        Assert.Contains("Expires:  never", whoami.Output);
        using var json = JsonDocument.Parse((await CliRun.RunAsync(cli.Nothing, "", "auth", "whoami", "--json")).Output);
        Assert.Equal(
            (cli.Url, key.Id, "invoke", $"the profile '{cli.Profile}'"),
            (Text(json, "host"), Text(json, "keyId"), Text(json, "scope"), Text(json, "source"))
        );
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("expires").ValueKind);
        Assert.Equal(TimeSpan.Zero, json.RootElement.GetProperty("created").GetDateTimeOffset().Offset);

        var logout = await CliRun.RunAsync(cli.Nothing, "", "auth", "logout", "--json");
        using var left = JsonDocument.Parse(logout.Output);
        Assert.True(left.RootElement.GetProperty("removed").GetBoolean());
        Assert.False(File.Exists(cli.Profile));
        Assert.Contains("Nothing was remembered", (await CliRun.RunAsync(cli.Nothing, "", "auth", "logout")).Output);
        Assert.DoesNotContain(key.Secret, login.Output + whoami.Output + json.RootElement + logout.Output);
    }

    [Fact]
    public async Task AKeyThatTheHostDoesNotTakeIsNotRemembered()
    {
        var revoked = await cli.Host.MakeKeyAsync();
        await cli.Host.CliAsync("key", "revoke", revoked.Id);

        foreach (
            var (key, words) in new[]
            {
                ($"{cli.Host.Key.Id}:wrongSecret", "is not one of this host's, or its secret is another one"),
                (revoked.Text, "was revoked at"),
            }
        )
        {
            var login = await CliRun.RunAsync(cli.Nothing, key, "auth", "login", "--host", cli.Url, "--key-stdin");

            Assert.Equal((1, ""), (login.ExitCode, login.Output));
            Assert.Contains(words, login.Errors);
            Assert.DoesNotContain(key.Split(':')[1], login.Errors);
            Assert.Single(login.Errors.Trim().Split('\n'));
            Assert.False(File.Exists(cli.Profile));
        }
    }

    [Theory]
    [InlineData("--key", "k_aaaabbbbcccc:topSecretText")]
    [InlineData("--key=k_aaaabbbbcccc:topSecretText", "")]
    [InlineData("k_aaaabbbbcccc:topSecretText", "")]
    public async Task AKeyOnTheCommandLineIsNotTakenAndNotRepeated(string first, string second)
    {
        var login = await CliRun.RunAsync(
            cli.Nothing,
            "",
            [.. new[] { "auth", "login", "--host", cli.Url, first, second }.Where(word => word.Length > 0)]
        );

        Assert.Equal(2, login.ExitCode);
        Assert.DoesNotContain("topSecretText", login.Output + login.Errors);
        Assert.Contains(first.StartsWith('k') ? "k_aaaabbbbcccc:…" : "A key is not taken from the command line", login.Errors);
    }

    [Theory]
    [InlineData("", "the input has no key")]
    [InlineData("withoutAnything", "there is no colon")]
    [InlineData("id:with space", "printable ASCII")]
    public async Task WhatIsNoKeyIsSaidWithoutRepeatingIt(string input, string words)
    {
        var login = await CliRun.RunAsync(cli.Nothing, input, "auth", "login", "--host", cli.Url, "--key-stdin");

        Assert.Equal((2, ""), (login.ExitCode, login.Output));
        Assert.Contains(words, login.Errors);
        Assert.DoesNotContain("with space", login.Errors);
        Assert.DoesNotContain("withoutAnything", login.Errors);
    }

    [Fact]
    public async Task WithoutATerminalNothingIsAskedFor()
    {
        var noHost = await CliRun.RunAsync(cli.Nothing, "", "auth", "login");
        var noKey = await CliRun.RunAsync(cli.Nothing, "", "auth", "login", "--host", cli.Url);
        var noAddress = await CliRun.RunAsync(cli.Nothing, "", "auth", "login", "--host", "fal.example.org");

        Assert.Equal((2, 2, 2), (noHost.ExitCode, noKey.ExitCode, noAddress.ExitCode));
        Assert.Contains("Which host?", noHost.Errors);
        Assert.Contains("--key-stdin", noKey.Errors);
        Assert.Contains("Did you mean 'https://fal.example.org'?", noAddress.Errors);
    }

    [Fact]
    public async Task OnATerminalTheKeyIsAskedForAndNotShown()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string>(cli.Nothing) { ["FAL_PROFILE"] = folder.File("profile.json"), ["TERM"] = "xterm" };

        var (output, exitCode) = await TerminalRun.RunAsync(
            settings,
            $"{cli.Host.Key.Text}\r",
            waitFor: "not shown",
            "auth",
            "login",
            "--host",
            cli.Url
        );

        Assert.True(exitCode == 0, output);
        Assert.Contains($"has taken the key {cli.Host.Key.Id}", output);
        Assert.DoesNotContain(cli.Host.Key.Secret, output);
        Assert.True(File.Exists(folder.File("profile.json")));
    }

    [Fact]
    public async Task TheKeyOfTheEnvironmentIsTakenAndWhatStandsAboveTheProfileIsSaid()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string>(cli.Configured(cli.Host.Key)) { ["FAL_PROFILE"] = folder.File("profile.json") };

        var login = await CliRun.RunAsync(settings, "", "auth", "login", "--json");

        Assert.Equal(0, login.ExitCode);
        Assert.Equal("fal-serverless: warning: FAL_KEY is set here, and programs believe it before the profile.\n", login.Errors);
        using var json = JsonDocument.Parse(login.Output);
        Assert.Equal(folder.File("profile.json"), Text(json, "profile"));
    }

    private static string? Text(JsonDocument document, string name) => document.RootElement.GetProperty(name).GetString();
}
