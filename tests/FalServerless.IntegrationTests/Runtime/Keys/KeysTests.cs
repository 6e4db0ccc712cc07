using System.Text;
using System.Text.Json;
using FalServerless.Capture;
using FalServerless.IntegrationTests.Runtime.Gateway;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Keys;

/// <summary>Keys as those who run a host and those who call it meet them.</summary>
public class KeysTests
{
    private const int Missing = 1;
    private const int Wrong = 2;
    private const int Revoked = 3;
    private const int Expired = 4;
    private const int LacksScope = 5;
    private const int TooManyAttempts = 6;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OnlyARightKeyIsLetInAndEachOtherHearsWhatIsWrongWithIt()
    {
        await using var host = await ServedHost.StartAsync();
        foreach (
            var right in new[]
            {
                host.Key.Authorization,
                "key " + host.Key.Text,
                "KEY  " + host.Key.Text,
                "Bearer " + host.Key.Text,
                "bearer  " + host.Key.Text,
                host.Admin.Authorization,
            }
        )
        {
            Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, Routes.Environments, authorization: right)).Status);
        }

        await AssertRefusedAsync(host, "", 401, Missing, "carries no key");
        var other = host.Key.Secret[0] == 'A' ? 'B' : 'A';
        foreach (
            var wrong in new[]
            {
                $"Key {host.Key.Id}:{other}{host.Key.Secret[1..]}",
                $"Key {host.Key.Text}x",
                $"Key k_doesnotexist:{host.Key.Secret}",
                $"Bearer {host.Key.Id}:{host.Admin.Secret}",
                $"Key {new string('a', 20_000)}:b",
            }
        )
        {
            var refused = await AssertRefusedAsync(host, wrong, 401, Wrong, "not one of this host's, or its secret is another one");
            Assert.DoesNotContain(host.Key.Secret, refused.Refusal.Message);
            Assert.Equal("Key, Bearer", refused.Headers.WwwAuthenticate.ToString());
        }
    }

    [Theory]
    [InlineData("Key {id}", "it has no colon between id and secret")]
    [InlineData("Bearer {id}:", "it has no secret behind the colon")]
    [InlineData("Key :{secret}", "it has no id before the colon")]
    [InlineData("Key", "it names no key behind the scheme")]
    [InlineData("Bearer ", "it names no key behind the scheme")]
    [InlineData("Basic {secret}", "'Basic' is not a scheme of this host")]
    [InlineData("{id}:{secret}", "it names no scheme before the key")]
    [InlineData("{secret} {id}", "its scheme is not one of this host's")]
    public async Task AHeaderThatHoldsNoKeyIsRefusedWithWhatItLacksAndIsNoAttempt(string authorization, string lacks)
    {
        await using var host = await ServedHost.StartAsync();
        var header = authorization
            .Replace("{id}", host.Key.Id, StringComparison.Ordinal)
            .Replace("{secret}", host.Key.Secret, StringComparison.Ordinal);

        for (var i = 0; i < 30; i++)
        {
            var refused = await AssertRefusedAsync(host, header, 401, Wrong, lacks);
            Assert.Contains("Authorization: Bearer <id>:<secret>", refused.Refusal.Message);
            Assert.DoesNotContain(host.Key.Secret, refused.Refusal.Message);
        }
    }

    [Fact]
    public async Task WhatTheCommandLineDoesHoldsFromTheNextRequestOn()
    {
        await using var host = await ServedHost.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            var made = await host.MakeKeyAsync("--name", "short-lived");
            Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, Routes.Environments, authorization: made.Authorization)).Status);

            var revoked = await host.CliAsync("key", "revoke", made.Id);

            Assert.Equal((0, $"The key {made.Id} is revoked.\n"), (revoked.ExitCode, revoked.Output));
            await AssertRefusedAsync(host, made.Authorization, 401, Revoked, $"The key {made.Id} was revoked at");
            await AssertRefusedAsync(host, $"Key {made.Id}:wrong", 401, Wrong, "not one of this host's");
        }

        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, Routes.Environments)).Status);
    }

    [Fact]
    public async Task AKeyThatHasExpiredIsRefused()
    {
        await using var host = await ServedHost.StartAsync();
        var made = await host.MakeKeyAsync("--expires", "1s");

        // Its time may be over before the first request.
        ServedHost.Answer answer = null!;
        for (
            var watch = System.Diagnostics.Stopwatch.StartNew();
            (answer = await host.SendAsync(HttpMethod.Get, Routes.Environments, authorization: made.Authorization)).Status == 200
                && watch.Elapsed < Eventually.Limit;

        )
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), Token);
        }

        Assert.Equal((401, Expired), (answer.Status, answer.Refusal.CredentialsFault));
        Assert.Contains($"The key {made.Id} expired at", answer.Refusal.Message);
        Assert.Contains("expired", (await host.CliAsync("key", "list")).Output);
    }

    [Theory]
    [InlineData("GET", Routes.Workers)]
    [InlineData("DELETE", Routes.WorkerPrefix + "1")]
    [InlineData("GET", Routes.WorkerPrefix + "1" + Routes.WorkerLogs)]
    [InlineData("DELETE", Routes.EnvironmentPrefix + "0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task WhatBelongsToOthersNeedsAnAdmin(string method, string path)
    {
        await using var host = await ServedHost.StartAsync();

        var refused = await host.SendAsync(new(method), path);
        Assert.Equal(
            (403, RefusalReason.Credentials, LacksScope),
            (refused.Status, refused.Refusal.Reason, refused.Refusal.CredentialsFault)
        );
        Assert.Contains($"The key {host.Key.Id} has the scope 'invoke'", refused.Refusal.Message);

        Assert.NotEqual(403, (await host.SendAsync(new(method), path, authorization: host.Admin.Authorization)).Status);
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, Routes.Environments)).Status);
    }

    [Fact]
    public async Task ACallIsKnownToItsOwnKeyAndToAdmins()
    {
        await using var host = await ServedHost.StartAsync();
        var other = await host.MakeKeyAsync();
        System.Linq.Expressions.Expression<Action> block = () => Bodies.SayAndBlock("running");
        var id = Guid.NewGuid();
        byte[] Body(TimeSpan? age) => RunningHost.Request(block, request => request with { Id = id, Age = age });
        await InstallAsync(host, block);
        using var call = await host.PostAsync(Body(null));
        Assert.Equal(200, call.Status);
        await call.NextAsync();

        Assert.Equal(404, (await host.SendAsync(HttpMethod.Delete, Routes.Invocation(id), authorization: other.Authorization)).Status);
        using (var stolen = await host.PostAsync(Body(TimeSpan.FromSeconds(1)), other.Authorization))
        {
            Assert.Equal(400, stolen.Status);
        }

        Assert.Equal(204, (await host.SendAsync(HttpMethod.Delete, Routes.Invocation(id), authorization: host.Admin.Authorization)).Status);
        Assert.Equal(RefusalReason.Cancelled, (await call.RefusalAsync()).Reason);
        var audit = await host.CliAsync("audit");
        Assert.Matches($@"{host.Admin.Id} +invocation cancel +{id.ToString("n")[..12]} +done;", audit.Output);
        Assert.Contains($"done; the call was of {host.Key.Id}", (await host.CliAsync("audit", "--json")).Output);
    }

    [Fact]
    public async Task WhatSomebodyForetoldOfAnothersCallDoesNotCount()
    {
        await using var host = await ServedHost.StartAsync();
        var other = await host.MakeKeyAsync();
        System.Linq.Expressions.Expression<Func<int>> seven = () => 7;
        var id = Guid.NewGuid();
        await InstallAsync(host, seven);

        Assert.Equal(404, (await host.SendAsync(HttpMethod.Delete, Routes.Invocation(id), authorization: other.Authorization)).Status);
        Assert.Equal(
            200,
            (
                await host.SendAsync(HttpMethod.Post, Routes.Invocations, RunningHost.Request(seven, request => request with { Id = id }))
            ).Status
        );
        Assert.Equal(204, (await host.SendAsync(HttpMethod.Delete, Routes.Invocation(id))).Status);

        var third = Guid.NewGuid();
        Assert.Equal(
            404,
            (await host.SendAsync(HttpMethod.Delete, Routes.Invocation(third), authorization: host.Admin.Authorization)).Status
        );
        using var foretold = await host.PostAsync(RunningHost.Request(seven, request => request with { Id = third }));
        Assert.Equal(RefusalReason.Cancelled, (await foretold.RefusalAsync()).Reason);
    }

    [Fact]
    public async Task ManyWrongAttemptsAreHeldBackAndNotThoseWhoseKeyIsRight()
    {
        await using var host = await ServedHost.StartAsync();
        using var http = new HttpClient(FromAnotherAddress()) { BaseAddress = host.Address };
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, Routes.Environments)).Status);
        ServedHost.Answer answer = null!;
        for (var i = 0; i < 40; i++)
        {
            answer = await host.SendAsync(HttpMethod.Get, Routes.Environments, authorization: $"Key k_{i}:wrong");
            if (i < 10)
            {
                Assert.Equal(401, answer.Status);
            }
        }

        Assert.Equal((429, TooManyAttempts), (answer.Status, answer.Refusal.CredentialsFault));
        Assert.InRange(int.Parse(answer.Headers.RetryAfter!.ToString(), System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        Assert.Contains("warning: Too many wrong keys from 127.0.0.1", host.Log);

        // The key that was right from here goes on; one that never was here waits; and other addresses are not concerned.
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, Routes.Environments)).Status);
        Assert.Equal(429, (await host.SendAsync(HttpMethod.Get, Routes.Environments, authorization: host.Admin.Authorization)).Status);
        Assert.Equal(
            200,
            (await host.SendAsync(HttpMethod.Get, Routes.Environments, authorization: host.Admin.Authorization, http: http)).Status
        );
    }

    [Fact]
    public async Task WrongSecretsOfOneKeyFromElsewhereDoNotStopIt()
    {
        await using var host = await ServedHost.StartAsync();
        using var http = new HttpClient(FromAnotherAddress()) { BaseAddress = host.Address };
        for (var i = 0; i < 15; i++)
        {
            Assert.Contains(
                (await host.SendAsync(HttpMethod.Get, Routes.Environments, authorization: $"Key {host.Key.Id}:wrong", http: http)).Status,
                new[] { 401, 429 }
            );
        }

        Assert.Contains($"warning: Too many wrong secrets for the key {host.Key.Id}", host.Log);
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, Routes.Environments)).Status);
        Assert.Equal(429, (await host.SendAsync(HttpMethod.Get, Routes.Environments, authorization: $"Key {host.Key.Id}:wrong")).Status);
    }

    [Fact]
    public async Task SecretsAreNeitherInLogsNorInFilesNorOnCommandLines()
    {
        await using var host = await ServedHost.StartAsync();
        Assert.Equal(7, await Isolated.Create(() => 7, new() { Host = host.Host }).InvokeAsync(Token));
        var guess = new string('g', 43);
        await host.SendAsync(HttpMethod.Get, Routes.Environments, authorization: $"Key {host.Key.Id}:{guess}");
        await host.SendAsync(HttpMethod.Get, "/no\nsuch%0aplace", authorization: host.Admin.Authorization);
        string[] secrets = [host.Key.Secret, host.Admin.Secret, guess];

        Assert.All(secrets, secret => Assert.Empty(ProcessTable.Naming(secret)));
        foreach (var id in host.Processes())
        {
            var environment = await File.ReadAllTextAsync($"/proc/{id}/environ", Token);
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, environment));
        }

        host.Signal();
        Assert.Equal(0, await host.WaitForExitAsync());
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, host.Log));
        foreach (var file in Directory.EnumerateFiles(host.Folder, "*", SearchOption.AllDirectories))
        {
            var bytes = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Token));
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, bytes));
        }

        foreach (var file in Directory.EnumerateFiles(host.State, "keys.db*"))
        {
            Assert.True(FileModes.IsPrivate(file), file);
        }

        Assert.True(FileModes.IsPrivate(host.State));
        Assert.DoesNotContain(host.Key.Secret, (await host.CliAsync("key", "list", "--json")).Output);
    }

    [Fact]
    public async Task TheListSaysWhatAKeyIsForAndWhenItWasUsed()
    {
        await using var host = await ServedHost.StartAsync();
        var named = await host.MakeKeyAsync("--name", "the [red] build", "--scope", "admin", "--expires", "30d");
        await host.SendAsync(HttpMethod.Get, Routes.Environments, authorization: named.Authorization);

        // Uses are written once a minute, and at the end.
        host.Signal();
        await host.WaitForExitAsync();

        using var list = JsonDocument.Parse((await host.CliAsync("key", "list", "--json")).Output);
        var listed = list.RootElement.EnumerateArray().Single(key => key.GetProperty("id").GetString() == named.Id);
        Assert.Equal(
            ("the [red] build", "admin", "active"),
            (listed.GetProperty("name").GetString(), listed.GetProperty("scope").GetString(), listed.GetProperty("state").GetString())
        );
        Assert.Equal(30, (listed.GetProperty("expires").GetDateTime() - listed.GetProperty("created").GetDateTime()).TotalDays, 3);
        Assert.InRange(
            listed.GetProperty("lastUsed").GetDateTime(),
            listed.GetProperty("created").GetDateTime(),
            listed.GetProperty("created").GetDateTime().AddHours(1)
        );

        var table = (await host.CliAsync("key", "list")).Output;
        Assert.Matches($@"(?m)^{named.Id} +admin +active +20[0-9-]+ +20[0-9-]+ +\w+ ago +the \[red\] b\w*…$", table);
        Assert.All(table.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.DoesNotContain("\e[", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryActionOfAnAdminIsWrittenDown()
    {
        await using var host = await ServedHost.StartAsync();
        var revoked = await host.MakeKeyAsync();
        await host.CliAsync("key", "revoke", revoked.Id);
        await host.SendAsync(HttpMethod.Delete, Routes.WorkerPrefix + "1", authorization: host.Admin.Authorization);
        await host.SendAsync(HttpMethod.Delete, Routes.EnvironmentPrefix + new string('0', 64), authorization: host.Admin.Authorization);

        using var audit = JsonDocument.Parse((await host.CliAsync("audit", "--json")).Output);

        var lines = audit
            .RootElement.EnumerateArray()
            .Select(entry =>
                $"{entry.GetProperty("who").GetString()}: {entry.GetProperty("action").GetString()} "
                + $"{entry.GetProperty("target").GetString()}: {entry.GetProperty("outcome").GetString()}"
            )
            .ToArray();
        Assert.Contains($"user {Environment.UserName}: key create {host.Key.Id}: done", lines);
        Assert.Equal(
            [
                $"user {Environment.UserName}: key revoke {revoked.Id}: done",
                $"{host.Admin.Id}: worker stop 1: unknown",
                $"{host.Admin.Id}: environment remove {new string('0', 64)}: unknown",
            ],
            lines[^3..]
        );
    }

    [Theory]
    [InlineData("key create --expires 0d", 2, "--expires is '0d'")]
    [InlineData("key create --expires 2001-01-01", 2, "which is over already")]
    [InlineData("key create --scope root", 2, "--scope is 'root'; it must be invoke or admin.")]
    [InlineData("key list", 1, "There are no keys in")]
    [InlineData("key revoke k_x", 1, "There are no keys in")]
    public async Task ACommandThatCannotBeCarriedOutSaysWhy(string arguments, int exitCode, string words)
    {
        var outcome = await ServedHost.RunAsync(null, [.. arguments.Split(' '), "--state", "/tmp/fal-no-such-folder"]);

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Contains(words, outcome.Errors);
        Assert.DoesNotContain("   at ", outcome.Errors);
        Assert.False(Directory.Exists("/tmp/fal-no-such-folder"));
    }

    private static SocketsHttpHandler FromAnotherAddress() =>
        new()
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Parse("127.0.0.2"), 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };

    // Sends the function's files, as its first call does.
    private static async Task InstallAsync(ServedHost host, System.Linq.Expressions.LambdaExpression lambda)
    {
        var code = FunctionCapture.Capture(lambda).Code;
        var answer = await host.SendAsync(
            HttpMethod.Post,
            Routes.Invocations,
            RunningHost.Request(lambda, request => request with { Options = request.Options with { MachineType = "none" } })
        );
        foreach (var file in answer.Status == 409 ? answer.Refusal.Missing : [])
        {
            Assert.Equal(
                204,
                (await host.SendAsync(HttpMethod.Put, Routes.Blob(file), await File.ReadAllBytesAsync(code.FileOf(file), Token))).Status
            );
        }
    }

    private static async Task<ServedHost.Answer> AssertRefusedAsync(
        ServedHost host,
        string authorization,
        int status,
        int fault,
        string words
    )
    {
        var answer = await host.SendAsync(HttpMethod.Get, Routes.Environments, authorization: authorization);
        Assert.Equal((status, RefusalReason.Credentials, fault), (answer.Status, answer.Refusal.Reason, answer.Refusal.CredentialsFault));
        Assert.Contains(words, answer.Refusal.Message);
        return answer;
    }
}
