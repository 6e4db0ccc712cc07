using FalServerless.Internal;

namespace FalServerless.UnitTests.Hosts;

public class HostAddressTests
{
    [Fact]
    public void HostsWithTheSameAddressAreOne()
    {
        Assert.Same(FalHost.At("https://fal.example.org"), FalHost.At("HTTPS://Fal.Example.org:443/"));
        Assert.Same(FalHost.At("https://fal.example.org/team/"), FalHost.At(new Uri("https://fal.example.org/team")));
        Assert.NotSame(FalHost.At("https://fal.example.org"), FalHost.At("http://fal.example.org"));
        Assert.NotSame(FalHost.At("https://fal.example.org/team"), FalHost.At("https://fal.example.org/Team"));
        Assert.Equal("https://fal.example.org/team", FalHost.At("https://fal.example.org/team").ToString());
        Assert.Equal("http://[::1]:8080", FalHost.At("http://[::1]:8080").ToString());
    }

    [Theory]
    [InlineData("https://fal.example.org", "https://fal.example.org/v1/x?y=1")]
    [InlineData("https://fal.example.org:8443/team/", "https://fal.example.org:8443/team/v1/x?y=1")]
    public void PathsAreBelowTheAddress(string address, string expected) =>
        Assert.Equal(expected, HostAddress.Read(address, out _)!.Of("/v1/x?y=1").AbsoluteUri);

    [Theory]
    [InlineData("", "not the address of a host")]
    [InlineData("fal.example.org", "Did you mean 'https://fal.example.org'?")]
    [InlineData("localhost:8080", "Did you mean 'http://localhost:8080'?")]
    [InlineData("10.0.0.7:8080", "Did you mean 'http://10.0.0.7:8080'?")]
    [InlineData("ftp://fal.example.org", "http or https")]
    [InlineData("/var/run/fal.sock", "not the address of a host")]
    [InlineData("https://", "not the address of a host")]
    [InlineData("https://fal.example.org?key=1", "without '?' or '#'")]
    [InlineData("https://fal.example.org/#top", "without '?' or '#'")]
    [InlineData("https://id:s3cret@fal.example.org", "user or password")]
    [InlineData("id:s3cret@fal.example.org", "not the address of a host")]
    public void WhatIsNoAddressIsRefusedAtOnceWithTheReason(string address, string words)
    {
        var error = Assert.Throws<ArgumentException>(() => FalHost.At(address));

        Assert.Equal("address", error.ParamName);
        Assert.Contains(words, error.Message);
        Assert.DoesNotContain("s3cret", error.Message);
    }

    [Fact]
    public void AUriIsCheckedLikeAText()
    {
        Assert.Contains("scheme", Assert.Throws<ArgumentException>(() => FalHost.At(new Uri("/v1", UriKind.Relative))).Message);
        Assert.Contains("not with file:", Assert.Throws<ArgumentException>(() => FalHost.At(new Uri("file:///tmp"))).Message);
        Assert.Throws<ArgumentNullException>(() => FalHost.At((string)null!));
        Assert.Throws<ArgumentNullException>(() => FalHost.At((Uri)null!));
    }
}
