using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Processes;

namespace FalServerless.IntegrationTests.Runtime.Gateway;

public class TlsTests
{
    private const string Password = "pass word, with ümlaut";

    [Fact]
    public async Task APfxServesBothVersionsOfHttp()
    {
        using var folder = new TemporaryFolder();
        using var certificate = Make();
        var (pfx, password) = (folder.File("host.pfx"), folder.File("password"));
        await File.WriteAllBytesAsync(pfx, certificate.Export(X509ContentType.Pkcs12, Password), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(password, Password + "\n", TestContext.Current.CancellationToken);

        await using var host = await ServedHost.StartAsync(
            "--urls",
            "https://127.0.0.1:0",
            "--certificate",
            pfx,
            "--certificate-password-file",
            password
        );

        await AssertServesAsync(host, certificate);
        Assert.DoesNotContain(Password, host.Log);
        Assert.Empty(ProcessTable.Naming(Password));
    }

    [Fact]
    public async Task PemFilesServeToo()
    {
        using var folder = new TemporaryFolder();
        using var certificate = Make();
        var (pem, key) = (folder.File("host.pem"), folder.File("host.key"));
        await File.WriteAllTextAsync(pem, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            key,
            certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(),
            TestContext.Current.CancellationToken
        );

        await using var host = await ServedHost.StartAsync("--urls", "https://127.0.0.1:0", "--certificate", pem, "--certificate-key", key);

        await AssertServesAsync(host, certificate);
    }

    [Fact]
    public async Task OneEncryptedPemFileServesWithThePasswordOfTheEnvironment()
    {
        using var folder = new TemporaryFolder();
        using var certificate = Make();
        var pem = folder.File("host.pem");
        var key = certificate
            .GetECDsaPrivateKey()!
            .ExportEncryptedPkcs8PrivateKeyPem(Password, new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1_000));
        await File.WriteAllTextAsync(pem, certificate.ExportCertificatePem() + "\n" + key + "\n", TestContext.Current.CancellationToken);

        await using var host = await ServedHost.StartAsync(
            new Dictionary<string, string> { ["FAL_CERTIFICATE_PASSWORD"] = Password },
            "--urls",
            "https://127.0.0.1:0",
            "--certificate",
            pem
        );

        await AssertServesAsync(host, certificate);
    }

    [Fact]
    public async Task TheCertificatesBetweenAreShownAlong()
    {
        using var folder = new TemporaryFolder();
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = Authority("CN=root", rootKey, null);
        using var middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var middle = Authority("CN=middle", middleKey, root);
        using var middleWithKey = middle.CopyWithPrivateKey(middleKey);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request("CN=localhost", key);
        using var leaf = request.Create(middleWithKey, DateTimeOffset.UnixEpoch, middleWithKey.NotAfter, [1, 2, 3]);
        var pem = folder.File("host.pem");
        await File.WriteAllTextAsync(
            pem,
            leaf.ExportCertificatePem() + "\n" + middle.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem(),
            TestContext.Current.CancellationToken
        );

        await using var host = await ServedHost.StartAsync("--urls", "https://localhost:" + FreePort(), "--certificate", pem);

        using var handler = new SocketsHttpHandler
        {
            SslOptions =
            {
                CertificateChainPolicy = new()
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    DisableCertificateDownloads = true,
                    CustomTrustStore = { root },
                },
            },
        };
        using var http = new HttpClient(handler) { BaseAddress = new($"https://localhost:{host.Address.Port}") };
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, Routes.Environments, http: http)).Status);
    }

    [Theory]
    [InlineData("wrong", "Is its password right?")]
    [InlineData(null, "If it has a password, give it in FAL_CERTIFICATE_PASSWORD")]
    public async Task APfxThatDoesNotOpenIsSaid(string? password, string words)
    {
        using var folder = new TemporaryFolder();
        using var certificate = Make();
        var pfx = folder.File("host.pfx");
        await File.WriteAllBytesAsync(pfx, certificate.Export(X509ContentType.Pkcs12, Password), TestContext.Current.CancellationToken);

        var outcome = await ServedHost.RunAsync(
            password is null ? null : new Dictionary<string, string> { ["FAL_CERTIFICATE_PASSWORD"] = password },
            "serve",
            "--certificate",
            pfx,
            "--state",
            "state"
        );

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains($"The certificate '{pfx}' cannot be read", outcome.Errors);
        Assert.Contains(words, outcome.Errors);
    }

    [Fact]
    public async Task ACertificateThatIsOverIsSaid()
    {
        using var folder = new TemporaryFolder();
        using var certificate = Make(until: DateTimeOffset.UnixEpoch.AddYears(30));
        var pfx = folder.File("host.pfx");
        await File.WriteAllBytesAsync(pfx, certificate.Export(X509ContentType.Pkcs12), TestContext.Current.CancellationToken);

        var outcome = await ServedHost.RunAsync(null, "serve", "--certificate", pfx, "--state", "state");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("was good until 2000-01-01 00:00:00Z only; renew it", outcome.Errors);
    }

    private static X509Certificate2 Make(DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Request("CN=localhost", key).CreateSelfSigned(DateTimeOffset.UnixEpoch, until ?? DateTimeOffset.UnixEpoch.AddYears(200));
    }

    private static CertificateRequest Request(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    private static X509Certificate2 Authority(string name, ECDsa key, X509Certificate2? issuer)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true)
        );
        return issuer is null
            ? request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200))
            : request.Create(issuer, DateTimeOffset.UnixEpoch, issuer.NotAfter, [7]);
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task AssertServesAsync(ServedHost host, X509Certificate2 certificate)
    {
        foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            byte[]? shown = null;
            using var handler = new SocketsHttpHandler
            {
                SslOptions = { RemoteCertificateValidationCallback = (_, given, _, _) => (shown = given!.GetRawCertData()) is not null },
            };
            using var http = new HttpClient(handler)
            {
                BaseAddress = host.Address,
                DefaultRequestVersion = version,
                DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };

            using var request = new HttpRequestMessage(HttpMethod.Post, Routes.Invocations)
            {
                Version = version,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(
                    RunningHost.Request((System.Linq.Expressions.Expression<Func<int, int>>)(value => value + 1), null, 6)
                ),
            };
            request.Headers.TryAddWithoutValidation("Authorization", host.Key.Authorization);
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal((HttpStatusCode.OK, version), (response.StatusCode, response.Version));
            Assert.Equal([1, 0, 0, 0, 2, 7], await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            Assert.Equal(certificate.RawData, shown);
        }
    }
}
