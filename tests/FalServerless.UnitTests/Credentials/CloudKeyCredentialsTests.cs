namespace FalServerless.UnitTests.Credentials;

public class CloudKeyCredentialsTests
{
    [Fact]
    public void AKeyShowsItsIdAndNeverItsSecret()
    {
        var key = new CloudKeyCredentials("ci-7", "s3cret");

        Assert.Equal("ci-7", key.KeyId);
        Assert.Equal("ci-7", key.ToString());
        Assert.Equal("ci-7", $"{key}");
        Assert.DoesNotContain("s3cret", new IsolatedOptions { Credentials = key }.ToString());
        Assert.DoesNotContain("s3cret", new SyncOptions { Credentials = key }.ToString());
        Assert.DoesNotContain("s3cret", System.Text.Json.JsonSerializer.Serialize(key));
    }

    [Fact]
    public void AKeyIsReadFromItsText()
    {
        var key = CloudKeyCredentials.Parse("ci-7:with:colons");

        Assert.Equal(new CloudKeyCredentials("ci-7", "with:colons"), key);
        Assert.Equal(key.GetHashCode(), CloudKeyCredentials.Parse("ci-7:with:colons").GetHashCode());
        Assert.NotEqual(key, CloudKeyCredentials.Parse("ci-7:others"));
        Assert.NotEqual(key, CloudKeyCredentials.Parse("ci-8:with:colons"));
    }

    [Theory]
    [InlineData("", "s3cret", "keyId", "empty")]
    [InlineData("id", "", "keySecret", "empty")]
    [InlineData("an id", "s3cret", "keyId", "character 3 of 5")]
    [InlineData("a:b", "s3cret", "keyId", "colon")]
    [InlineData("id", "s3cret\n", "keySecret", "character 7 of 7")]
    [InlineData("id", "s3cret\u00a0", "keySecret", "printable ASCII")]
    [InlineData("idé", "s3cret", "keyId", "printable ASCII")]
    [InlineData("id\0", "s3cret", "keyId", "printable ASCII")]
    public void APartThatNoKeyHasIsRefusedAtOnceWithoutTheSecret(string id, string secret, string parameter, string words)
    {
        var error = Assert.Throws<ArgumentException>(() => new CloudKeyCredentials(id, secret));

        Assert.Equal(parameter, error.ParamName);
        Assert.Contains(words, error.Message);
        Assert.DoesNotContain("s3cret", error.Message);
    }

    [Fact]
    public void APartThatIsLongerThanAnyKeyIsRefused()
    {
        Assert.Contains("513", Assert.Throws<ArgumentException>(() => new CloudKeyCredentials("id", new('s', 513))).Message);
        Assert.Equal(512, new CloudKeyCredentials(new('i', 512), new('s', 512)).KeyId.Length);
    }

    [Theory]
    [InlineData("s3cret")]
    [InlineData(":s3cret")]
    [InlineData("id:")]
    [InlineData("id:s3cret ")]
    [InlineData("")]
    public void ATextThatIsNoKeyIsRefusedWithoutRepeatingIt(string text)
    {
        var error = Assert.Throws<ArgumentException>(() => CloudKeyCredentials.Parse(text));

        Assert.Equal("key", error.ParamName);
        Assert.DoesNotContain("s3cret", error.Message);
    }

    [Fact]
    public void NullIsRefusedAtOnce()
    {
        Assert.Throws<ArgumentNullException>(() => new CloudKeyCredentials(null!, "secret"));
        Assert.Throws<ArgumentNullException>(() => new CloudKeyCredentials("id", null!));
        Assert.Throws<ArgumentNullException>(() => CloudKeyCredentials.Parse(null!));
    }
}
