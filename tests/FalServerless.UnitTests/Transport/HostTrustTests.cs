using FalServerless.Protocol;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Time;
using FalServerless.Tests.Shared.Transport;

namespace FalServerless.UnitTests.Transport;

/// <summary>Hosts whose certificate is of an authority of their own.</summary>
public class HostTrustTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnAuthorityOfTheUsersFileIsTrusted()
    {
        using var authority = TestCertificates.Authority();
        using var other = TestCertificates.Authority();
        using var certificate = TestCertificates.For("127.0.0.1", authority);
        using var folder = new TemporaryFolder();
        TestCertificates.Write(folder.File("authorities.pem"), other, authority);

        Assert.Equal(7, await CallAsync(certificate, folder.File("authorities.pem")));
    }

    [Fact]
    public async Task AnotherAuthoritysCertificateIsNotAccepted()
    {
        using var authority = TestCertificates.Authority();
        using var other = TestCertificates.Authority();
        using var certificate = TestCertificates.For("127.0.0.1", authority);
        using var folder = new TemporaryFolder();
        TestCertificates.Write(folder.File("authorities.pem"), other);

        Assert.Equal(
            HostUnreachableCause.Tls,
            (await Assert.ThrowsAsync<HostUnreachableException>(() => CallAsync(certificate, folder.File("authorities.pem")))).Cause
        );
    }

    [Fact]
    public async Task ACertificateOfAnotherNameIsNotAcceptedWhoeverVouchesForIt()
    {
        using var authority = TestCertificates.Authority();
        using var certificate = TestCertificates.For("fal.example.org", authority);
        using var folder = new TemporaryFolder();
        TestCertificates.Write(folder.File("authorities.pem"), authority);

        var error = await Assert.ThrowsAsync<HostUnreachableException>(() => CallAsync(certificate, folder.File("authorities.pem")));

        Assert.Equal(HostUnreachableCause.Tls, error.Cause);
        Assert.Contains("NameMismatch", error.Message);
    }

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData("no certificate", "which contains no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "cannot be read")]
    public async Task AFileThatHasNoCertificateIsAnErrorThatNamesTheVariable(string? content, string words)
    {
        using var server = new FakeServer();
        using var folder = new TemporaryFolder();
        var path = folder.File("authorities.pem");
        if (content is not null)
        {
            await File.WriteAllTextAsync(path, content, Token);
        }

        var function = Isolated.Create(() => 7, new() { Host = server.Host(connection => connection with { CertificateFile = path }) });
        var error = await Assert.ThrowsAsync<HostUnreachableException>(() => function.InvokeAsync(Token));

        Assert.Equal(HostUnreachableCause.Tls, error.Cause);
        Assert.All(new[] { "FAL_CA_CERTIFICATE", path, words }, word => Assert.Contains(word, error.Message));
    }

    private static async Task<int> CallAsync(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate, string authorities)
    {
        using var server = new FakeServer(certificate) { Answers = [FakeHost.Ok(FakeHost.Event(InvocationEventKind.Result, 7))] };
        return await Isolated
            .Create(() => 7, new() { Host = server.Host(connection => connection with { CertificateFile = authorities }) })
            .InvokeAsync(Token)
            .WaitAsync(Eventually.Limit, Token);
    }
}
