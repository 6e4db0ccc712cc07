using FalServerless.Credentials;
using FalServerless.Tests.Shared.Credentials;

namespace FalServerless.UnitTests.Credentials;

public class CredentialResolverTests
{
    private const string Here = "https://fal.example.org";
    private const string Elsewhere = "https://other.example.org";

    [Fact]
    public void AKeyOfTheEnvironmentIsTakenBeforeTheProfiles()
    {
        using var whole = new Configuration(("FAL_KEY", "env:secret")).WithProfile(Here, "file:secret");
        using var parts = new Configuration(("FAL_KEY_ID", "env"), ("FAL_KEY_SECRET", "secret")).WithProfile(Here, "file:secret");

        Assert.Equal(new ResolvedCredentials(new("env", "secret"), "FAL_KEY"), Find(whole, Here));
        Assert.Equal(new ResolvedCredentials(new("env", "secret"), "FAL_KEY_ID and FAL_KEY_SECRET"), Find(parts, Here));
    }

    [Fact]
    public void TheProfilesKeyIsTakenForItsOwnHost()
    {
        using var configuration = new Configuration(("FAL_KEY", "")).WithProfile("https://FAL.example.org:443/", "file:secret");

        Assert.Equal(
            new ResolvedCredentials(new("file", "secret"), $"the profile '{configuration.ProfilePath}'"),
            Find(configuration, Here)
        );
    }

    [Fact]
    public void TheProfilesKeyNeverGoesToAnotherHost()
    {
        using var configuration = new Configuration().WithProfile(Here, "file:secret");

        foreach (
            var other in new[]
            {
                Elsewhere,
                "http://fal.example.org",
                Here + ":8443",
                Here + "/path",
                "https://fal.example.org.evil.example",
            }
        )
        {
            var error = Assert.Throws<CredentialsException>(() => Find(configuration, other));
            Assert.Equal(CredentialsProblem.Missing, error.Problem);
            Assert.Contains($"is of {Here}", error.Message);
        }
    }

    [Fact]
    public void TheEnvironmentsKeyGoesToTheEnvironmentsHostOnly()
    {
        using var configuration = new Configuration(("FAL_HOST", Here), ("FAL_KEY", "env:s3cret")).WithProfile(Elsewhere, "file:secret");

        Assert.Equal("env", Find(configuration, Here).Credentials.KeyId);
        Assert.Equal("file", Find(configuration, Elsewhere).Credentials.KeyId);
        var error = Assert.Throws<CredentialsException>(() => Find(configuration, "https://third.example.org"));
        Assert.Contains($"FAL_KEY has the key of FAL_HOST, which is {Here}", error.Message);
        Assert.DoesNotContain("s3cret", error.Message);
    }

    [Fact]
    public void WithoutAKeyTheErrorSaysWhereItWasLookedForAndWhatToDo()
    {
        using var configuration = new Configuration();

        var error = Assert.Throws<CredentialsException>(() => Find(configuration, Here));

        Assert.Equal(CredentialsProblem.Missing, error.Problem);
        Assert.Null(error.KeyId);
        Assert.All(
            new[]
            {
                Here,
                "FAL_KEY=id:secret",
                "FAL_KEY_ID and FAL_KEY_SECRET",
                configuration.ProfilePath,
                "fal-serverless auth login",
                "Credentials",
            },
            words => Assert.Contains(words, error.Message)
        );
    }

    [Theory]
    [InlineData("FAL_KEY_ID", "id", "FAL_KEY_SECRET is not")]
    [InlineData("FAL_KEY_SECRET", "s3cret", "FAL_KEY_ID is not")]
    [InlineData("FAL_KEY", "s3cret", "FAL_KEY has no key")]
    [InlineData("FAL_KEY", "id:", "FAL_KEY has no key")]
    [InlineData("FAL_KEY", "id:s3cret\r", "FAL_KEY has no key")]
    public void HalfAKeyAndOneThatIsMalformedAreErrorsThatNameTheVariable(string variable, string value, string words)
    {
        using var configuration = new Configuration((variable, value)).WithProfile(Here, "file:secret");

        var error = Assert.Throws<CredentialsException>(() => Find(configuration, Here));

        Assert.Equal(CredentialsProblem.Unusable, error.Problem);
        Assert.Contains(words, error.Message);
        Assert.DoesNotContain("s3cret", error.ToString());
    }

    [Fact]
    public void TwoDifferentKeysInTheEnvironmentAreAnError()
    {
        using var different = new Configuration(("FAL_KEY", "one:s3cret"), ("FAL_KEY_ID", "two"), ("FAL_KEY_SECRET", "s3cret"));
        using var same = new Configuration(("FAL_KEY", "one:s3cret"), ("FAL_KEY_ID", "one"), ("FAL_KEY_SECRET", "s3cret"));

        var error = Assert.Throws<CredentialsException>(() => Find(different, Here));

        Assert.Equal(CredentialsProblem.Unusable, error.Problem);
        Assert.DoesNotContain("s3cret", error.Message);
        Assert.Equal("one", Find(same, Here).Credentials.KeyId);
    }

    [Fact]
    public void AKeyIsNotSeenInItsText()
    {
        Assert.DoesNotContain("s3cret", new ResolvedCredentials(new("id", "s3cret"), "a test").ToString());
        Assert.DoesNotContain("s3cret", new Profile(Configuration.Address(Here), new("id", "s3cret")).ToString());
    }

    private static ResolvedCredentials Find(Configuration configuration, string host) =>
        configuration.Keys.Find(Configuration.Address(host));
}
