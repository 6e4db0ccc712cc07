using FalServerless.Credentials;
using FalServerless.Internal;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.UnitTests.Credentials;

public sealed class ProfileFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("profile.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatIsWrittenIsReadAndOnlyItsOwnerCanReadIt()
    {
        var path = _folder.File("made/too/profile.json");

        ProfileFile.Write(path, A("https://fal.example.org/team"));

        Assert.Equal(A("https://fal.example.org/team"), ProfileFile.Read(path));
        Assert.Equal([path], Directory.GetFiles(System.IO.Path.GetDirectoryName(path)!));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(System.IO.Path.GetDirectoryName(path)!)
            );
        }
    }

    [Fact]
    public void AProfileTakesThePlaceOfTheOneThatIsThere()
    {
        File.WriteAllText(Path, "open to all");

        ProfileFile.Write(Path, A("http://localhost:8080"));

        Assert.Equal(A("http://localhost:8080"), ProfileFile.Read(Path));
    }

    [Fact]
    public void AProfileThatCannotBeWrittenLeavesTheOldOneAndNothingElse()
    {
        Directory.CreateDirectory(Path);

        Assert.ThrowsAny<Exception>(() => ProfileFile.Write(Path, A("http://localhost")));

        Assert.Equal([Path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void WithoutAFileThereIsNoProfile()
    {
        Assert.Null(ProfileFile.Read(Path));
        Assert.Null(ProfileFile.Read(_folder.File("no/such/folder.json")));
        Assert.False(ProfileFile.Delete(Path));

        ProfileFile.Write(Path, A("http://localhost"));

        Assert.True(ProfileFile.Delete(Path));
        Assert.Null(ProfileFile.Read(Path));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void AProfileThatOthersCanReadOrWriteIsRefusedWithTheCommandToRun(UnixFileMode others)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes.");
            return;
        }

        ProfileFile.Write(Path, A("http://localhost"));
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);

        var error = Assert.Throws<CredentialsException>(() => ProfileFile.Read(Path));

        Assert.Equal(CredentialsProblem.Unusable, error.Problem);
        Assert.Contains($"chmod 600 '{Path}'", error.Message);
    }

    [Theory]
    [InlineData("", "no JSON")]
    [InlineData("{", "no JSON (line 1)")]
    [InlineData("[]", "no JSON object")]
    [InlineData("{}", "\"host\"")]
    [InlineData("""{"host": 7}""", "\"host\"")]
    [InlineData("""{"host": "fal.example.org", "keyId": "id", "keySecret": "s3cret"}""", "Did you mean 'https://fal.example.org'")]
    [InlineData("""{"host": "https://fal.example.org", "keySecret": "s3cret"}""", "\"keyId\"")]
    [InlineData("""{"host": "https://fal.example.org", "keyId": "id"}""", "\"keySecret\"")]
    [InlineData("""{"host": "https://fal.example.org", "keyId": "id", "keySecret": "s3cret with space"}""", "character 7")]
    public void AMalformedProfileIsRefusedWithItsPathAndWithoutItsSecret(string content, string words)
    {
        using (var file = PrivateFiles.Create(Path))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(content));
        }

        var error = Assert.Throws<CredentialsException>(() => ProfileFile.Read(Path));

        Assert.Equal(CredentialsProblem.Unusable, error.Problem);
        Assert.Contains(Path, error.Message);
        Assert.Contains(words, error.Message);
        Assert.Contains("auth login", error.Message);
        Assert.DoesNotContain("s3cret", error.ToString());
    }

    [Fact]
    public void AFileThatIsLongerThanAnyProfileIsNotRead()
    {
        using (var file = PrivateFiles.Create(Path))
        {
            file.Write(new byte[100_000]);
        }

        Assert.Contains("100000 bytes", Assert.Throws<CredentialsException>(() => ProfileFile.Read(Path)).Message);
    }

    [Fact]
    public void WhatAProfileHasBeyondIsPassedOver()
    {
        using (var file = PrivateFiles.Create(Path))
        {
            file.Write("""{"host": "http://localhost", "keyId": "id", "keySecret": "secret", "since": 3}"""u8);
        }

        Assert.Equal(A("http://localhost"), ProfileFile.Read(Path));
    }

    [Fact]
    public void ThePathFollowsTheVariables()
    {
        Assert.Equal(Path, ProfileFile.PathFor(name => name == "FAL_PROFILE" ? Path : "/elsewhere"));
        Assert.Equal(
            _folder.File("fal-serverless/profile.json"),
            ProfileFile.PathFor(name => name == "XDG_CONFIG_HOME" ? _folder.Path : null)
        );
        Assert.EndsWith(
            System.IO.Path.Combine("fal-serverless", "profile.json"),
            ProfileFile.PathFor(name => name == "XDG_CONFIG_HOME" ? "relative" : "")
        );
        Assert.True(System.IO.Path.IsPathFullyQualified(ProfileFile.PathFor(_ => null)));
    }

    private static Profile A(string host) => new(HostAddress.Read(host, out _)!, new("id", "secret"));
}
