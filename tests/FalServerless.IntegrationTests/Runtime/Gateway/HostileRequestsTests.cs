using System.Collections;
using System.Linq.Expressions;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using FalServerless.Capture;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Time;
using FalServerless.Tests.Shared.Transport;
using FalServerless.Transport;

namespace FalServerless.IntegrationTests.Runtime.Gateway;

public class HostileRequestsTests(RunningHost host) : IClassFixture<RunningHost>
{
    private static readonly Expression<Func<int, int>> Increment = value => value + 1;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ARequestAsItShouldBeRuns()
    {
        var (status, body) = await host.PostAsync(RunningHost.Request(Increment, null, 6));

        Assert.Equal(200, status);
        Assert.Equal([1, 0, 0, 0, 2, 7], body);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(99)]
    public async Task ARequestOfAnotherVersionIsRefusedWithBothVersions(byte version)
    {
        var request = RunningHost.Request(Increment, null, 6);
        Assert.Equal(ProtocolVersion.Current, request[1]);
        request[1] = version;

        var (status, body) = await host.PostAsync(request);

        AssertRefused(RefusalReason.Protocol, 400, status, body, $"version {version}", $"version {ProtocolVersion.Current}");
        await host.AssertServesAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("Key")]
    [InlineData("Key 00")]
    [InlineData("Bearer x")]
    public async Task AWrongKeyIsRefused(string authorization)
    {
        foreach (
            var given in new[]
            {
                authorization,
                authorization + new string('0', 5000),
                authorization + " " + host.Key,
                $"Key {host.Key}0",
                $"Key {host.Key[..^1]}",
                $"key {host.Key.ToLowerInvariant()}",
            }
        )
        {
            var (status, body) = await host.SendAsync(HttpMethod.Post, Routes.Invocations, RunningHost.Request(Increment, null, 6), given);
            if (given == $"Key {host.Key}")
            {
                continue;
            }

            AssertRefused(RefusalReason.Credentials, 401, status, body, "key");
            Assert.Equal(401, (await host.SendAsync(HttpMethod.Put, Routes.Blob(ContentHash.Of("x"u8)), "x"u8.ToArray(), given)).Status);
            Assert.Equal(401, (await host.SendAsync(HttpMethod.Get, "/", [], given)).Status);
        }

        using var client = RuntimeClient.OverSocket(host.Socket, "wrong", () => "");
        var (_, refusal) = await client.PostAsync(new MessageContent(RunningHost.Request(Increment, null, 6)), Token);
        Assert.Equal(RefusalReason.Credentials, refusal?.Reason);
        await host.AssertServesAsync();
    }

    [Fact]
    public async Task ATruncatedRequestIsRefusedWhereverItIsCut()
    {
        var request = RunningHost.Request(Increment, null, 6);
        for (var length = 0; length < request.Length; length++)
        {
            var (status, body) = await host.PostAsync(request[..length]);
            AssertRefused(RefusalReason.Protocol, 400, status, body);
        }

        await host.AssertServesAsync();
    }

    [Fact]
    public async Task AConnectionThatBreaksWithinARequestLeavesTheHostServing()
    {
        foreach (var length in new[] { 10, 1_000_000, 500_000_000 })
        {
            using var socket = LocalSockets.Dial(host.Socket);
            socket.Send(
                Encoding.ASCII.GetBytes(
                    $"POST {Routes.Invocations} HTTP/1.1\r\nHost: local\r\nAuthorization: Key {host.Key}\r\nContent-Length: "
                        + $"{length}\r\n\r\nabc"
                )
            );
            socket.Shutdown(SocketShutdown.Send);
            socket.Close();
        }

        using (var socket = LocalSockets.Dial(host.Socket))
        {
            socket.Send("\0\0\0garbage that is no HTTP at all\r\n\r\n"u8);
        }

        await host.AssertServesAsync();
    }

    [Fact]
    public async Task AMutatedRequestIsRunOrRefused()
    {
        var requests = Gen.Const(() => RunningHost.Request(Increment, request => request with { Name = "name" }, 6))
            .SelectMany(request => Mutation.Of(request));
        foreach (var request in requests.Take(600))
        {
            var (status, _) = await host.PostAsync(request);

            // 202: the mutation made it a detached one.
            Assert.Contains(status, new[] { 200, 202, 400, 404, 409, 410 });
        }

        await host.AssertServesAsync();
    }

    [Fact]
    public async Task AMutatedBodyIsRunOrRefusedAndNeverEndsItsWorker()
    {
        var manifest = FunctionManifestCodec.Read(FunctionCapture.Capture(Increment).Code.Manifest.First);
        foreach (var mutated in Mutation.Of(manifest.Body.ToArray()).Take(400))
        {
            var forged = RunningHost.With(manifest with { Body = mutated });
            var (status, body) = await host.PostAsync(RunningHost.Request(Increment, forged, 6));
            Assert.Contains(status, new[] { 200, 400 });
            Assert.False(
                Encoding.UTF8.GetString(body).Contains("ended while it ran the call", StringComparison.Ordinal),
                Encoding.UTF8.GetString(body)
            );
        }

        await host.AssertServesAsync();
    }

    [Fact]
    public async Task AMutatedPayloadIsReadOrRefusedAndNeverEndsItsWorker()
    {
        Expression<Func<Dictionary<string, List<int>>, ArrayList, int>> count = (map, any) => map.Count;
        object?[] inputs =
        [
            new Dictionary<string, List<int>> { ["a"] = [1, 2, 3], ["b"] = [4] },
            new ArrayList
            {
                1,
                "two",
                null,
                new List<object?> { 2.5 },
            },
        ];
        byte[] payload = [];
        RunningHost.Request(
            count,
            request =>
            {
                payload = request.Payload.FirstSpan.ToArray();
                return request;
            },
            inputs
        );
        foreach (var mutated in Mutation.Of(payload).Take(400))
        {
            var (status, body) = await host.PostAsync(
                RunningHost.Request(count, request => request with { Payload = new(mutated) }, inputs)
            );
            Assert.Equal(200, status);
            Assert.False(
                Encoding.UTF8.GetString(body).Contains("ended while it ran the call", StringComparison.Ordinal),
                Encoding.UTF8.GetString(body)
            );
        }

        await host.AssertServesAsync();
    }

    [Theory]
    [InlineData("GET", "/", 404)]
    [InlineData("PUT", "/v1/invocations", 405)]
    [InlineData("POST", "/v2/invocations", 404)]
    [InlineData("POST", "/v1/invocations/../../etc/passwd", 404)]
    [InlineData("PUT", "/v1/blobs/", 404)]
    [InlineData("PUT", "/v1/blobs/not-a-hash", 400)]
    [InlineData("PUT", "/v1/blobs/..%2f..%2fx", 400)]
    [InlineData("DELETE", "/v1/blobs/0000000000000000000000000000000000000000000000000000000000000000", 405)]
    public async Task AnUnknownRouteIsRefused(string method, string path, int expected)
    {
        Assert.Equal(expected, (await host.SendAsync(new(method), path, [1, 2, 3])).Status);
        await host.AssertServesAsync();
    }

    [Fact]
    public async Task AnUnknownFunctionIsAskedFor()
    {
        var (status, body) = await host.PostAsync(
            RunningHost.Request(Increment, request => request with { Function = ContentHash.Of("unknown"u8), Manifest = default }, 6)
        );

        AssertRefused(RefusalReason.UnknownFunction, 404, status, body, "send its manifest");
    }

    [Fact]
    public async Task AManifestOfAnotherHashIsRefused()
    {
        // Twice: what is left of a refused request must not spoil its connection for the next one.
        await host.PostAsync(RunningHost.Request(Increment, request => request with { Function = ContentHash.Of("another"u8) }, 6));
        var (status, body) = await host.PostAsync(
            RunningHost.Request(Increment, request => request with { Function = ContentHash.Of("another"u8) }, 6)
        );

        AssertRefused(RefusalReason.Protocol, 400, status, body, "another hash");
        await host.AssertServesAsync();
    }

    [Theory]
    [InlineData("../../x")]
    [InlineData("/tmp/x")]
    [InlineData("..")]
    [InlineData("a/../../b")]
    public async Task AnAssemblyNameThatLeadsOutOfItsFolderIsRefused(string name)
    {
        var blob = await UploadAsync("content"u8.ToArray());
        var manifest = new FunctionManifest
        {
            Kind = BodyKind.Expression,
            Body = new byte[] { 1 },
            Assemblies = [new() { Name = name, Image = blob }],
        };

        var (status, body) = await host.PostAsync(RunningHost.Request(Increment, RunningHost.With(manifest), 6));

        AssertRefused(RefusalReason.Protocol, 400, status, body, "name");
        Assert.DoesNotContain(
            Directory.GetFiles(host.Directory, "*", SearchOption.AllDirectories),
            path => Path.GetFileNameWithoutExtension(path) is "x" or "b" or ".."
        );
        await host.AssertServesAsync();
    }

    [Fact]
    public async Task ContentThatIsNotWhatItsNameSaysIsNotKept()
    {
        var hash = ContentHash.Of("right"u8);

        var (status, body) = await host.SendAsync(HttpMethod.Put, Routes.Blob(hash), "wrong"u8.ToArray());

        AssertRefused(RefusalReason.Protocol, 400, status, body, hash.ToString(), "not kept");
        Assert.False(File.Exists(Path.Combine(host.Directory, "blobs", hash.ToString())));
        using (var socket = LocalSockets.Dial(host.Socket))
        {
            socket.Send(
                Encoding.ASCII.GetBytes(
                    $"PUT {Routes.Blob(hash)} HTTP/1.1\r\nHost: local\r\nAuthorization: Key {host.Key}\r\nContent-Length: 5\r\n\r\nrig"
                )
            );
        }

        await Eventually.TrueAsync(
            () => Directory.GetFiles(Path.Combine(host.Directory, "blobs"), "incoming-*").Length == 0,
            () => "a part of an upload is still there."
        );
        Assert.False(File.Exists(Path.Combine(host.Directory, "blobs", hash.ToString())));
        await host.AssertServesAsync();
    }

    [Fact]
    public async Task AnImageUnderAnotherNameDoesNotSpoilItForTheFunctionThatNeedsIt()
    {
        Expression<Func<int>> body = () => Needed();
        var code = FunctionCapture.Capture(body).Code;
        var manifest = FunctionManifestCodec.Read(code.Manifest.First);
        foreach (var assembly in manifest.Assemblies)
        {
            await UploadAsync(await File.ReadAllBytesAsync(code.FileOf(assembly.Image), Token));
            if (assembly.Symbols is { } symbols)
            {
                await UploadAsync(await File.ReadAllBytesAsync(code.FileOf(symbols), Token));
            }
        }

        var renamed = manifest with
        {
            Assemblies = [.. manifest.Assemblies.Select(assembly => assembly with { Name = $"Other.{assembly.Name}" })],
            Files = [],
            Program = null,
        };
        await host.PostAsync(RunningHost.Request(body, RunningHost.With(renamed)));

        Assert.Equal(5, await Isolated.Create(body, new() { Host = host.Host }).InvokeAsync(Token));
    }

    [Fact]
    public async Task ATypeThatTheWorkerDoesNotHaveIsNamedWithItsAssembly()
    {
        Expression<Func<int>> body = () => Needed();
        var manifest = FunctionManifestCodec.Read(FunctionCapture.Capture(body).Code.Manifest.First);

        // A machine type of its own: a worker that holds the assembly already would find it.
        var forged = RunningHost.With(manifest with { Assemblies = [], Files = [], Program = null });
        var (status, events) = await host.PostAsync(
            RunningHost.Request(body, request => forged(request) with { Options = request.Options with { MachineType = "S" } })
        );

        Assert.Equal(200, status);
        Assert.Equal((byte)InvocationEventKind.Refusal, events[4]);
        AssertRefused(
            RefusalReason.Protocol,
            200,
            status,
            events[EventHeader.Size..],
            typeof(HostileRequestsTests).FullName!,
            "'FalServerless.IntegrationTests'"
        );
    }

    [Fact]
    public async Task AnUnknownMachineTypeIsRefusedByTheHostToo()
    {
        var (_, events) = await host.PostAsync(
            RunningHost.Request(Increment, request => request with { Options = request.Options with { MachineType = "LX" } }, 6)
        );

        AssertRefused(RefusalReason.Protocol, 200, 200, events[EventHeader.Size..], "Did you mean 'L'?");
    }

    internal static int Needed() => 5;

    private static void AssertRefused(RefusalReason reason, int expectedStatus, int status, byte[] body, params string[] words)
    {
        Assert.Equal(expectedStatus, status);
        var refusal = RefusalCodec.Read(new(body));
        Assert.Equal(reason, refusal.Reason);
        Assert.All(words, word => Assert.Contains(word, refusal.Message));
    }

    private async Task<ContentHash> UploadAsync(byte[] content)
    {
        var hash = ContentHash.Of(content);
        Assert.Equal(204, (await host.SendAsync(HttpMethod.Put, Routes.Blob(hash), content)).Status);
        return hash;
    }
}
