using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Environments;
using FalServerless.Wire;

namespace FalServerless.IntegrationTests.Runtime.Gateway;

public class EnvironmentEndpointsTests
{
    [Fact]
    public async Task EnvironmentsAreListedAndRemovedUnlessTheyAreInUse()
    {
        using var feed = new PackageFeed();
        feed.Add("Needed", "1.1.0", 1);
        feed.Add("Listed", "1.0.0", 1, "net10.0", ("Needed", "1.0.0"));
        await using var host = new RunningHost(feed.Host());
        await host.InitializeAsync();
        Assert.Equal([0x90], (await host.SendAsync(HttpMethod.Get, Routes.Environments, [])).Body);
        await using var store = feed.Store();
        var definition = PackageFeed.Definition("Listed>=1.0");
        var use = await store.AcquireAsync(definition, (_, _) => { }, TestContext.Current.CancellationToken);

        Assert.Equal($"{definition.Key}: listed[1.0.0, ) = Listed 1.0.0, Needed 1.1.0; True", await ListAsync(host));
        Assert.Equal((409, RefusalReason.Host), await RemoveAsync(host, definition.Key.ToString()));

        use.Dispose();
        Assert.EndsWith("; False", await ListAsync(host), StringComparison.Ordinal);
        Assert.Equal((204, default), await RemoveAsync(host, definition.Key.ToString()));
        Assert.Equal((404, RefusalReason.Protocol), await RemoveAsync(host, definition.Key.ToString()));
        Assert.Equal((400, RefusalReason.Protocol), await RemoveAsync(host, "no-key"));
        Assert.Equal(405, (await host.SendAsync(HttpMethod.Put, Routes.Environments, [])).Status);
        Assert.Equal(401, (await host.SendAsync(HttpMethod.Get, Routes.Environments, [], "Key wrong")).Status);
    }

    [Fact]
    public async Task RequirementsThatAreNoneAreRefusedAndTheHostGoesOn()
    {
        using var feed = new PackageFeed();
        await using var host = new RunningHost(feed.Host());
        await host.InitializeAsync();

        foreach (var requirements in new[] { new[] { "A=1" }, ["A==1", "a==2"], ["$(Evil)"], [" "] })
        {
            var (status, body) = await host.PostAsync(
                RunningHost.Request(() => 1, request => request with { Options = request.Options with { Requirements = requirements } })
            );

            Assert.Equal((200, (byte)InvocationEventKind.Refusal), (status, body[4]));
            Assert.Equal(RefusalReason.Protocol, RefusalCodec.Read(new(body.AsMemory(EventHeader.Size))).Reason);
        }

        await host.AssertServesAsync();
        Assert.False(Directory.Exists(feed.Environments));
    }

    private static async Task<(int Status, RefusalReason Reason)> RemoveAsync(RunningHost host, string key)
    {
        var (status, body) = await host.SendAsync(HttpMethod.Delete, Routes.EnvironmentPrefix + key, []);
        return (status, body.Length == 0 ? default : RefusalCodec.Read(new(body)).Reason);
    }

    private static async Task<string> ListAsync(RunningHost host)
    {
        var (_, body) = await host.SendAsync(HttpMethod.Get, Routes.Environments, []);
        return Read(new(body));
    }

    private static string Read(ReadOnlySequence<byte> body)
    {
        var reader = new MessagePackReader(body);
        Assert.Equal(1, reader.ReadArrayHeader());
        Assert.Equal(7, reader.ReadMapHeader());
        Assert.Equal("key", reader.ReadString());
        var key = Convert.ToHexStringLower(reader.ReadBytes()!.Value.ToArray());
        Assert.Equal("requirements", reader.ReadString());
        Assert.Equal(1, reader.ReadArrayHeader());
        var requirement = reader.ReadString();
        Assert.Equal("packages", reader.ReadString());
        Assert.Equal(2, reader.ReadMapHeader());
        string[] packages = [$"{reader.ReadString()} {reader.ReadString()}", $"{reader.ReadString()} {reader.ReadString()}"];
        Assert.Equal("bytes", reader.ReadString());
        Assert.InRange(reader.ReadInt64(), 1, 1 << 20);
        Assert.Equal("made", reader.ReadString());
        var made = reader.ReadDateTime();
        Assert.Equal("lastUsed", reader.ReadString());
        Assert.InRange(reader.ReadDateTime(), made.AddSeconds(-1), made.AddMinutes(1));
        Assert.Equal("inUse", reader.ReadString());
        var line = $"{key}: {requirement} = {string.Join(", ", packages)}; {reader.ReadBoolean()}";
        Assert.True(reader.End);
        return line;
    }
}
