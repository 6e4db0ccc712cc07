using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using FalServerless.IntegrationTests.Runtime;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Time;
using FalServerless.Tests.Shared.Transport;

namespace FalServerless.IntegrationTests.Transport;

/// <summary>Programs of a host that <c>serve</c> runs, by its address and with its keys.</summary>
public class ServedHostTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AKeyThatIsGoodCallsAndEveryOtherIsSaidToBeWhatItIs()
    {
        await using var served = await ServedHost.StartAsync();
        var host = FalHost.At(served.Address);
        var function = Isolated.Create((int value) => Bodies.Increment(value), new() { Host = host });
        var expired = await served.MakeKeyAsync("--expires", "1s");
        var revoked = await served.MakeKeyAsync();
        Assert.Equal(2, await function.On(credentials: Of(served.Key)).InvokeAsync(1, Token));
        Assert.Equal(2, await function.On(credentials: Of(revoked)).InvokeAsync(1, Token));
        Assert.Equal(0, (await served.CliAsync("key", "revoke", revoked.Id)).ExitCode);

        await AssertRefusedAsync(CredentialsProblem.Revoked, Of(revoked), "revoked");
        await AssertRefusedAsync(CredentialsProblem.Wrong, new(served.Key.Id, new('s', served.Key.Secret.Length)), "secret is another one");
        await AssertRefusedAsync(CredentialsProblem.Wrong, new("nobody", served.Key.Secret), "not one of this host's");
        CredentialsException? late = null;
        for (var watch = Stopwatch.StartNew(); late is null && watch.Elapsed < Eventually.Limit; )
        {
            late = await Record.ExceptionAsync(() => function.On(credentials: Of(expired)).InvokeAsync(1, Token)) as CredentialsException;
        }

        Assert.Equal(CredentialsProblem.Expired, late?.Problem);

        async Task AssertRefusedAsync(CredentialsProblem problem, CloudKeyCredentials key, string words)
        {
            var error = await Assert.ThrowsAsync<CredentialsException>(() => function.On(credentials: key).InvokeAsync(1, Token));
            Assert.Equal((problem, key.KeyId), (error.Problem, error.KeyId));
            Assert.All(new[] { host.ToString()!, $"'{key.KeyId}'", words }, word => Assert.Contains(word, error.Message));
            Assert.DoesNotContain(key.Secret, error.ToString());
        }
    }

    [Fact]
    public async Task TooManyWrongKeysAreToldSoAtOnce()
    {
        await using var served = await ServedHost.StartAsync();
        var function = Isolated.Create(() => 7, new() { Host = FalHost.At(served.Address), Credentials = new("nobody", "s3cret") });
        var problems = new List<CredentialsProblem>();
        for (var i = 0; i < 15 && !problems.Contains(CredentialsProblem.TooManyAttempts); i++)
        {
            problems.Add((await Assert.ThrowsAsync<CredentialsException>(() => function.InvokeAsync(Token))).Problem);
        }

        Assert.Equal(CredentialsProblem.TooManyAttempts, problems[^1]);
        Assert.All(problems.SkipLast(1), problem => Assert.Equal(CredentialsProblem.Wrong, problem));
    }

    [Fact]
    public async Task OverTlsCallsStreamsAndFoldersAreWhatTheyAreElsewhere()
    {
        using var folder = new TemporaryFolder();
        using var authority = TestCertificates.Authority();
        using var certificate = TestCertificates.For("127.0.0.1", authority);
        TestCertificates.Write(folder.File("authority.pem"), authority);
        await File.WriteAllBytesAsync(folder.File("host.pfx"), certificate.Export(X509ContentType.Pkcs12), Token);
        await using var served = await ServedHost.StartAsync("--urls", "https://127.0.0.1:0", "--certificate", folder.File("host.pfx"));
        var host = FakeServer.HostAt(
            served.Address.AbsoluteUri,
            connection => connection with { CertificateFile = folder.File("authority.pem"), Time = TimeProvider.System }
        );
        var options = new IsolatedOptions { Host = host, Credentials = Of(served.Key) };

        Assert.Equal(2, await Isolated.Create((int value) => Bodies.Increment(value), options).InvokeAsync(1, Token));
        Assert.Equal(8_000_000, (await Isolated.Create((byte[] bytes) => bytes, options).InvokeAsync(new byte[8_000_000], Token)).Length);
        Assert.Equal(
            Enumerable.Range(0, 32),
            await Task.WhenAll(
                Enumerable.Range(0, 32).Select(number => Isolated.Create((int value) => value, options).InvokeAsync(number, Token))
            )
        );

        var source = Directory.CreateDirectory(folder.File("source")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(source, "large"), new byte[3_000_000], Token);
        var sync = new SyncOptions { Host = host, Credentials = Of(served.Key) };
        await SyncDir.UploadAsync(source, "/data/served", sync, cancellationToken: Token);
        var back = await SyncDir.DownloadAsync("/data/served", folder.File("back"), sync, cancellationToken: Token);
        Assert.Equal(3_000_000, new FileInfo(Path.Combine(back, "large")).Length);
    }

    [Fact]
    public async Task AHostThatIsStartedAgainIsReachedAgain()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["--state", folder.File("state")];
        var port = ClosedPort.Free();
        await using var first = await ServedHost.StartAsync([.. arguments, "--urls", $"http://127.0.0.1:{port}"]);
        var function = Isolated.Create(
            (int value) => Bodies.Increment(value),
            new() { Host = FalHost.At(first.Address), Credentials = Of(first.Key) }
        );
        Assert.Equal(2, await function.InvokeAsync(1, Token));
        first.Kill();
        await first.WaitForExitAsync();
        Assert.Equal(
            HostUnreachableCause.Refused,
            (await Assert.ThrowsAsync<HostUnreachableException>(() => function.InvokeAsync(1, Token))).Cause
        );

        await using var second = await ServedHost.StartAsync([.. arguments, "--urls", $"http://127.0.0.1:{port}"]);

        Assert.Equal(2, await function.InvokeAsync(1, Token));
    }

    private static CloudKeyCredentials Of(ServedHost.MadeKey key) => CloudKeyCredentials.Parse(key.Text);
}
