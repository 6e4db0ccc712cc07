using FalServerless.Runtime.Configuration;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tool.Serving;

namespace FalServerless.UnitTests.Tool;

public class ServeSettingsTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void WithoutAnySettingItListensOnThisMachineOnly()
    {
        var settings = Read(out var errors);

        Assert.Empty(errors);
        var address = Assert.Single(settings!.Addresses);
        Assert.Equal("http://127.0.0.1:8470", address.Text);
        Assert.True(address.IsLocal);
        Assert.Equal(TimeSpan.FromSeconds(30), settings.DrainLimit);
        Assert.Equal(
            (512L << 20, 512L << 20, 1_000, 10_000),
            (settings.KeyLimits.BodyBytes, settings.KeyLimits.ResultBytes, settings.KeyLimits.Calls, settings.KeyLimits.Queued)
        );
        Assert.EndsWith("/fal-serverless/host", settings.State, StringComparison.Ordinal);
    }

    [Fact]
    public void EverythingThatIsWrongIsSaidAtOnceAndByTheNameThatItHasThere()
    {
        Read(
            out var errors,
            ("FAL_URLS", "http://0.0.0.0:80,ftp://x,https://127.0.0.1:1"),
            ("FAL_QUEUE_LIMIT", "many"),
            ("FAL_DRAIN_LIMIT", "-1s"),
            ("FAL_STATE", "here"),
            ("FAL_BODY_LIMIT", "1GB"),
            ("FAL_CPUS", "0"),
            ("FAL_CERTIFICATE_KEY", "/k"),
            ("FAL_LOG_LEVEL", "all")
        );

        Assert.Collection(
            errors.Order(StringComparer.Ordinal),
            error => Assert.StartsWith("'http://0.0.0.0:80' can be reached from other machines and has no TLS", error),
            error => Assert.StartsWith("'https://127.0.0.1:1' needs a certificate", error),
            error => Assert.StartsWith("FAL_BODY_LIMIT is '1GB'", error),
            error => Assert.StartsWith("FAL_CPUS is '0'", error),
            error => Assert.StartsWith("FAL_DRAIN_LIMIT is '-1s'", error),
            error => Assert.Equal("FAL_LOG_LEVEL is 'all'; it must be debug, info, warning or error.", error),
            error => Assert.StartsWith("FAL_QUEUE_LIMIT is 'many'", error),
            error => Assert.StartsWith("FAL_STATE is 'here'; it must be an absolute path", error),
            error => Assert.StartsWith("FAL_URLS: 'ftp://x' is no address", error),
            error => Assert.StartsWith("The key or password of a certificate is given without the certificate", error)
        );
    }

    [Theory]
    [InlineData("http://127.0.0.1:8470", true, false)]
    [InlineData("http://127.3.2.1", true, false)]
    [InlineData("HTTP://[::1]:8470/", true, false)]
    [InlineData("http://localhost:8470", true, false)]
    [InlineData("unix:/run/fal.sock", true, false)]
    [InlineData("http://0.0.0.0:8470", false, false)]
    [InlineData("http://[::]:8470", false, false)]
    [InlineData("http://*:8470", false, false)]
    [InlineData("http://10.1.2.3:8470", false, false)]
    [InlineData("https://10.1.2.3", false, true)]
    [InlineData("https://[2001:db8::1]:443", false, true)]
    public void AnAddressSaysWhoCanReachIt(string text, bool isLocal, bool isTls)
    {
        var address = FalServerless.Runtime.Gateway.ListenAddress.TryParse(text, out var error);

        Assert.Null(error);
        Assert.Equal((isLocal, isTls), (address!.IsLocal, address.IsTls));
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:8470")]
    [InlineData("http://")]
    [InlineData("http://:80")]
    [InlineData("http://example.org:80")]
    [InlineData("http://1.2:80")]
    [InlineData("http://127.0.0.1:70000")]
    [InlineData("http://127.0.0.1:-1")]
    [InlineData("http://127.0.0.1:")]
    [InlineData("http://127.0.0.1:80/path")]
    [InlineData("http://user@127.0.0.1:80")]
    [InlineData("http://localhost:0")]
    [InlineData("unix:fal.sock")]
    [InlineData("unix:/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012")]
    public void WhatIsNoAddressIsSaidWithTheWord(string text)
    {
        Assert.Null(FalServerless.Runtime.Gateway.ListenAddress.TryParse(text, out var error));

        Assert.Contains($"'{text}'", error);
    }

    [Theory]
    [InlineData("http://127.0.0.1:80", "FAL_CERTIFICATE")]
    public void ACertificateThatNoAddressUsesIsWrong(string url, string name)
    {
        Read(out var errors, ("FAL_URLS", url), (name, "/does/not/exist.pfx"));

        Assert.Contains(errors, error => error.Contains("begins with https://", StringComparison.Ordinal));
        Assert.Contains(
            errors,
            error => error.Contains("'/does/not/exist.pfx' of the certificate does not exist", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void AFileSaysWhatItsEntriesAre()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("fal.json");
        File.WriteAllText(
            path,
            """
            {
                // Comments are for people.
                "urls": ["http://127.0.0.1:1", "http://[::1]:1"], "queueLimit": 7, "insecure": false, "drainLimit": "5s", "state": "state",
            }
            """
        );
        var file = SettingsFile.Read(path, out var wrong);
        Assert.Empty(wrong);

        var reader = new SettingReader(file.Find);
        var settings = ServeSettings.Read(reader, Now);

        Assert.Empty(reader.Errors);
        Assert.Equal(["http://127.0.0.1:1", "http://[::1]:1"], settings!.Addresses.Select(address => address.Text));
        Assert.Equal((7, TimeSpan.FromSeconds(5), folder.File("state")), (settings.Host.QueueLimit, settings.DrainLimit, settings.State));
    }

    [Theory]
    [InlineData("""{ "queLimit": 1 }""", "'queLimit' in {0} is no setting. Did you mean 'queueLimit'?")]
    [InlineData("""{ "certificatePassword": "x" }""", "'certificatePassword' in {0} is no setting.")]
    [InlineData("""{ "queueLimit": { } }""", "queueLimit in {0} is neither a text, a number, a list of texts, true nor false.")]
    [InlineData("""[1]""", "The configuration file '{0}' is no JSON object.")]
    [InlineData("""{ """, "The configuration file '{0}' is no JSON:")]
    public void AFileThatIsWrongSaysWhere(string json, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("fal.json");
        File.WriteAllText(path, json);

        SettingsFile.Read(path, out var errors);

        Assert.StartsWith(expected.Replace("{0}", path, StringComparison.Ordinal), Assert.Single(errors));
    }

    [Fact]
    public void EverySettingHasAFlagAndAnEntryOfItsOwn()
    {
        var names = SettingNames.All.Select(setting => setting.Name).ToArray();

        Assert.Equal("--queue-limit", SettingNames.Flag("FAL_QUEUE_LIMIT"));
        Assert.Equal("queueLimit", SettingNames.Key("FAL_QUEUE_LIMIT"));
        Assert.Distinct(names.Select(SettingNames.Flag));
        Assert.Distinct(names.Select(SettingNames.Key));
        Assert.DoesNotContain(SettingNames.CertificatePassword, names);
    }

    private static ServeSettings? Read(out IReadOnlyList<string> errors, params (string Name, string Text)[] given)
    {
        var reader = new SettingReader(name =>
            Array.Find(given, setting => setting.Name == name) is { Name: not null } found ? new(found.Text, name) : null
        );
        var settings = ServeSettings.Read(reader, Now);
        errors = reader.Errors;
        return settings;
    }
}
