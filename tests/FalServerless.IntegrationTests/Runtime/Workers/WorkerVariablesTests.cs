using FalServerless.Hosts;
using FalServerless.Runtime.Workers.Processes;

namespace FalServerless.IntegrationTests.Runtime.Workers;

public class WorkerVariablesTests
{
    [Fact]
    public void WhereAllAreAllowedEverySettingOfAHostIsRemovedAndNothingElse()
    {
        var environment = new Dictionary<string, string?>
        {
            ["FAL_CERTIFICATE_PASSWORD"] = "p",
            ["FAL_KEY"] = "k",
            ["fal_key_secret"] = "s",
            ["FALCON"] = "f",
            ["PATH"] = "/bin",
        };

        WorkerVariables.Of(null).Apply(environment);

        Assert.Equal(["FALCON", "PATH"], environment.Keys.Order());
    }

    [Fact]
    public void ElseTheUsualOnesStayAndThoseThatAreNamed()
    {
        string[] names =
        [
            "PATH",
            "Path",
            "LC_ALL",
            "DOTNET_ROOT",
            "AWS_SECRET_ACCESS_KEY",
            "TENANT",
            "MODEL_A",
            "MODEL",
            "FAL_KEY",
            "https_proxy",
        ];
        var environment = names.ToDictionary(name => name, string? (_) => "x");

        WorkerVariables.Of(["Tenant", "MODEL_*", "FAL_*"]).Apply(environment);

        Assert.Equal(["DOTNET_ROOT", "LC_ALL", "MODEL_A", "PATH", "Path", "TENANT"], environment.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ABodyOfALocalHostSeesWhatItsUsersProgramHas()
    {
        using var host = new LocalHost(new Dictionary<string, string> { ["SHOWN"] = "yes" });

        Assert.Equal(
            "yes",
            await Isolated
                .Create(() => Environment.GetEnvironmentVariable("SHOWN"), new() { Host = host })
                .InvokeAsync(TestContext.Current.CancellationToken)
        );
    }

    [Theory]
    [InlineData("*")]
    [InlineData("A,**")]
    [InlineData("A*B")]
    [InlineData("A=1")]
    public async Task NamesThatAreNoneAreRefused(string names)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => ServedHost.StartAsync("--worker-variables", names));

        Assert.Contains("names of environment variables with commas between", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABodyOfAServedHostSeesOnlyTheUsualVariablesAndThoseThatAreNamed()
    {
        var settings = new Dictionary<string, string>
        {
            ["FAL_CERTIFICATE_PASSWORD"] = "hidden",
            ["FAL_KEY"] = "k:hidden",
            ["FAL_QUEUE_LIMIT"] = "77",
            ["AWS_SECRET_ACCESS_KEY"] = "hidden",
            ["SHOWN"] = "yes",
        };
        await using var host = await ServedHost.StartAsync(settings, "--worker-variables", "SHOWN,ABSENT");

        var seen = await Isolated
            .Create(
                () =>
                    Environment
                        .GetEnvironmentVariables()
                        .Keys.Cast<string>()
                        .Where(name => name.StartsWith("FAL_") || name.StartsWith("AWS_") || name == "SHOWN")
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
