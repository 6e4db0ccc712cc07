using System.Text.Json;
using FalServerless.IntegrationTests.Runtime;
using FalServerless.Tests.Shared.Files;
using static FalServerless.IntegrationTests.Runtime.ServedHost;

namespace FalServerless.IntegrationTests.Tool;

/// <summary>
/// A served host, and the command line of somebody who uses it: with a profile of their own, which is not there at first.
/// </summary>
public sealed class RemoteCli : IAsyncLifetime
{
    private readonly TemporaryFolder _home = new();

    internal ServedHost Host { get; private set; } = null!;

    internal string Url => Host.Address.ToString().TrimEnd('/');

    /// <summary>A folder for whatever a test needs.</summary>
    internal string Folder => _home.Path;

    internal string Profile => _home.File("config/fal-serverless/profile.json");

    /// <summary>Nothing is configured but where the profile would be.</summary>
    internal Dictionary<string, string> Nothing =>
        new()
        {
            ["XDG_CONFIG_HOME"] = _home.File("config"),
            ["XDG_DATA_HOME"] = _home.File("share"),
            ["FAL_CACHE"] = _home.File("cache"),
        };

    /// <summary>The host and a key of it are in the environment.</summary>
    internal Dictionary<string, string> Configured(MadeKey key) => new(Nothing) { ["FAL_HOST"] = Url, ["FAL_KEY"] = key.Text };

    public async ValueTask InitializeAsync() => Host = await ServedHost.StartAsync(HostSettings());

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _home.Dispose();
    }

    /// <summary>As an admin. What is piped has no escape sequences, and no secret is ever in it.</summary>
    internal async Task<Outcome> RunAsync(params string[] arguments)
    {
        var outcome = await CliRun.RunAsync(Configured(Host.Admin), "", arguments);
        Assert.DoesNotContain('\x1b', outcome.Output + outcome.Errors);
        Assert.DoesNotContain(Host.Admin.Secret, outcome.Output + outcome.Errors);
        Assert.DoesNotContain("   at ", outcome.Errors);
        return outcome;
    }

    /// <summary>What a command prints that must succeed.</summary>
    internal async Task<string> OutputAsync(params string[] arguments)
    {
        var outcome = await RunAsync(arguments);
        Assert.True(outcome.ExitCode == 0, $"{outcome.ExitCode}: {outcome.Errors}");
        return outcome.Output;
    }

    /// <summary>The one JSON document that a command prints with <c>--json</c>.</summary>
    internal async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        using var document = JsonDocument.Parse(await OutputAsync([.. arguments, "--json"]));
        return document.RootElement.Clone();
    }

    // A user's NuGet configuration that names a feed in a folder, empty unless a test puts packages there.
    private Dictionary<string, string> HostSettings()
    {
        var feed = Directory.CreateDirectory(_home.File("feed")).FullName;
        var folder = Directory.CreateDirectory(_home.File("home/.nuget/NuGet")).FullName;
        File.WriteAllText(
            Path.Combine(folder, "NuGet.Config"),
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{_home.File("packages")}" /></config>
              <packageSources><clear /><add key="private" value="{feed}" /></packageSources>
            </configuration>
            """
        );
        return new() { ["HOME"] = _home.File("home"), ["DOTNET_CLI_HOME"] = _home.File("home") };
    }
}
