using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Credentials;
using FalServerless.Tests.Shared.Transport;

namespace FalServerless.UnitTests.Transport;

/// <summary>Which key a call brings, and what is said when the host does not accept it.</summary>
public class HostKeyTests
{
    private static readonly byte[] Result = FakeHost.Ok(FakeHost.Event(InvocationEventKind.Result, 7));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheKeyOfTheFunctionGoesBeforeTheHostsAndIsKeptByOn()
    {
        using var server = new FakeServer { Answers = [Result] };
        var plain = Isolated.Create(() => 7, new() { Host = server.Host() });
        var own = plain.On(credentials: new("own", "key"));

        await plain.InvokeAsync(Token);
        await own.InvokeAsync(Token);
        await own.On(machineType: "M").InvokeAsync(Token);

        Assert.Equal(["Key ci-7:s3cret", "Key own:key", "Key own:key"], server.Requests.Select(request => request.Header("Authorization")));
    }

    [Fact]
    public async Task TheKeyOfTheFolderGoesBeforeTheHosts()
    {
        using var server = new FakeServer { Answers = [FakeHost.Ok([])] };

        await SyncDir.ListAsync(options: new() { Host = server.Host(), Credentials = new("own", "key") }, cancellationToken: Token);

        Assert.Equal(["Key own:key"], server.Requests.Select(request => request.Header("Authorization")));
    }

    [Fact]
    public async Task WithoutAKeyNothingIsSent()
    {
        using var server = new FakeServer { Answers = [Result] };
        using var configuration = new Configuration();
        var host = new FalServerless.Hosts.CloudHost(
            new() { Address = Configuration.Address(server.Address) },
            resolver: configuration.Keys
        );

        var error = await Assert.ThrowsAsync<CredentialsException>(() =>
            Isolated.Create(() => 7, new() { Host = host }).InvokeAsync(Token)
        );

        Assert.Equal(CredentialsProblem.Missing, error.Problem);
        Assert.Equal(0, server.ConnectionCount);
    }

    [Theory]
    [InlineData("401 Unauthorized")]
    [InlineData("403 Forbidden")]
    public async Task AKeyThatIsNotAcceptedIsNamedWithItsHostAndWhereItIsFrom(string status)
    {
        using var server = new FakeServer { Answers = [FakeHost.Refused(status, RefusalReason.Credentials)] };

        var error = await Assert.ThrowsAsync<CredentialsException>(() =>
            Isolated.Create(() => 7, new() { Host = server.Host() }).InvokeAsync(Token)
        );

        Assert.Equal("ci-7", error.KeyId);
        Assert.All(new[] { server.Address, "'ci-7'", "the test", "As the test wants it." }, words => Assert.Contains(words, error.Message));
        Assert.DoesNotContain("s3cret", error.ToString());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task AnotherServersRefusalIsOneOfTheKeyToo()
    {
        using var server = new FakeServer
        {
            Answers = [FakeHost.Http("401 Unauthorized", "WWW-Authenticate: Basic\r\nContent-Length: 0\r\n", [])],
        };

        var error = await Assert.ThrowsAsync<CredentialsException>(() =>
            SyncDir.ListAsync(options: new() { Host = server.Host() }, cancellationToken: Token)
        );

        Assert.Equal(CredentialsProblem.Unknown, error.Problem);
        Assert.Contains("401", error.Message);
    }
}
