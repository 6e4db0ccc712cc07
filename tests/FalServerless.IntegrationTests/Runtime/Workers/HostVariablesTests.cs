using FalServerless.Runtime.Workers.Processes;

namespace FalServerless.IntegrationTests.Runtime.Workers;

public class HostVariablesTests
{
    [Fact]
    public void EverySettingOfAHostIsRemovedAndNothingElse()
    {
        var environment = new Dictionary<string, string?>
        {
            ["FAL_CERTIFICATE_PASSWORD"] = "p",
            ["FAL_KEY"] = "k",
            ["fal_key_secret"] = "s",
            ["FALCON"] = "f",
            ["PATH"] = "/bin",
        };

        HostVariables.Remove(environment);

        Assert.Equal(["FALCON", "PATH"], environment.Keys.Order());
    }

    [Fact]
    public async Task NoBodyOfAServedHostSeesTheHostsSettings()
    {
        var settings = new Dictionary<string, string>
        {
            ["FAL_CERTIFICATE_PASSWORD"] = "hidden",
            ["FAL_KEY"] = "k:hidden",
            ["FAL_QUEUE_LIMIT"] = "77",
            ["SHOWN"] = "yes",
        };
        await using var host = await ServedHost.StartAsync(settings);

        var seen = await Isolated
            .Create(
                () =>
                    Environment
                        .GetEnvironmentVariables()
                        .Keys.Cast<string>()
                        .Where(name => name.StartsWith("FAL_") || name == "SHOWN")
                        .ToArray(),
                new() { Host = host.Host }
            )
            .InvokeAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["SHOWN"], seen);
        Assert.DoesNotContain(
            "hidden",
            await Isolated
                .Create(() => File.ReadAllText("/proc/self/environ"), new() { Host = host.Host })
                .InvokeAsync(TestContext.Current.CancellationToken)
        );
    }
}
