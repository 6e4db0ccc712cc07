using FalServerless.Hosts;
using FalServerless.Tests.Shared.Credentials;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.UnitTests.Hosts;

public class HostResolverTests
{
    [Fact]
    public void AVariableIsTakenBeforeTheProfileAndTheProfileBeforeNothing()
    {
        using var both = new Configuration(("FAL_HOST", "https://env.example.org")).WithProfile("https://file.example.org", "id:secret");
        using var profile = new Configuration(("FAL_HOST", "")).WithProfile("https://file.example.org", "id:secret");
        using var neither = new Configuration();

        Assert.Equal("https://env.example.org", both.Hosts.Find()?.ToString());
        Assert.Equal("https://file.example.org", profile.Hosts.Find()?.ToString());
        Assert.Null(neither.Hosts.Find());
    }

    [Fact]
    public void WithoutAHostTheErrorSaysWhatToDo()
    {
        using var configuration = new Configuration();

        var error = Assert.Throws<HostUnreachableException>(configuration.Hosts.Require);

        Assert.Equal(HostUnreachableCause.NotConfigured, error.Cause);
        Assert.All(
            new[] { "FAL_HOST", "FAL_KEY=id:secret", configuration.ProfilePath, "fal-serverless auth login", "FalHost.At" },
            words => Assert.Contains(words, error.Message)
        );
    }

    [Fact]
    public void AVariableThatNamesNoHostIsAnErrorThatNamesTheVariable()
    {
        using var configuration = new Configuration(("FAL_HOST", "fal.example.org"));

        var error = Assert.Throws<HostUnreachableException>(configuration.Hosts.Find);

        Assert.Equal(HostUnreachableCause.NotConfigured, error.Cause);
        Assert.StartsWith("FAL_HOST names no host", error.Message);
        Assert.Contains("Did you mean 'https://fal.example.org'?", error.Message);
    }

    [Fact]
    public void AProfileThatIsNamedMustBeThere()
    {
        using var folder = new TemporaryFolder();
        using var configuration = new Configuration(("FAL_PROFILE", folder.File("team.json")));

        var error = Assert.Throws<HostUnreachableException>(configuration.Hosts.Find);
        Assert.Equal(HostUnreachableCause.NotConfigured, error.Cause);
        Assert.Contains(folder.File("team.json"), error.Message);

        configuration.WithProfile("https://file.example.org", "id:secret");
        Assert.Equal("https://file.example.org", configuration.Hosts.Find()?.ToString());
    }

    [Fact]
    public void AHostThatWasNotConfiguredIsFoundOnceItIs()
    {
        using var configuration = new Configuration();
        var host = new ConfiguredHost("the cloud", () => CloudHosts.At(configuration.Hosts.Require()));

        host.Prepare();
        Assert.Throws<HostUnreachableException>(() =>
        {
            _ = host.ConnectAsync(CancellationToken.None);
        });
        Assert.Equal("the cloud", host.ToString());

        configuration.WithProfile("https://later.example.org", "id:secret");
        host.Prepare();
        Assert.Equal("https://later.example.org", host.ToString());
    }
}
