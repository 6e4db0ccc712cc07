using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Environments;

namespace FalServerless.IntegrationTests.Runtime.Gateway;

/// <summary>Environments that are built ahead of calls, as any client meets them.</summary>
public class EnvironmentBuildTests
{
    [Fact]
    public async Task ABuildIsTheEventsOfACallAndEndsWithTheEnvironmentOrARefusal()
    {
        using var feed = new PackageFeed();
        feed.Add("Ahead", "2.0.0", 1);
        await using var host = new RunningHost(feed.Host());
        await host.InitializeAsync();

        var (status, body) = await host.SendAsync(HttpMethod.Post, Routes.Environments, EnvironmentRequestCodec.Write(["Ahead>=1.0"]));

        Assert.Equal(200, status);
        var events = Events(body);
        Assert.All(events[..^1], one => Assert.Equal(LogEntrySource.Build, LogEntryCodec.Read(new(one.Payload)).Source));
        Assert.Contains(
            events[..^1],
            one => LogEntryCodec.Read(new(one.Payload)).Message.StartsWith("Restored 1 package ", StringComparison.Ordinal)
        );
        Assert.Equal(InvocationEventKind.Result, events[^1].Kind);
        var built = EnvironmentRecordCodec.Read(new(events[^1].Payload));
        Assert.Equal((PackageFeed.Definition("Ahead>=1.0").Key, false), (built.Key, built.IsInUse || built.Bytes == 0));
        Assert.Equal([KeyValuePair.Create("Ahead", "2.0.0")], built.Packages);

        // It is there now, and in nobody's use.
        Assert.Equal(
            InvocationEventKind.Result,
            Assert
                .Single(
                    Events((await host.SendAsync(HttpMethod.Post, Routes.Environments, EnvironmentRequestCodec.Write(["ahead>=1.0"]))).Body)
                )
                .Kind
        );
        var removed = 409;
        for (var attempts = 0; removed == 409 && attempts < 500; attempts++)
        {
            // The host lets go of it beside its answer.
            removed = (await host.SendAsync(HttpMethod.Delete, Routes.EnvironmentPrefix + built.Key, [])).Status;
        }

        Assert.Equal(204, removed);

        (status, body) = await host.SendAsync(HttpMethod.Post, Routes.Environments, EnvironmentRequestCodec.Write(["Ahead==9.0.0"]));
        Assert.Equal(200, status);
        var refusal = RefusalCodec.Read(new(Events(body)[^1].Payload));
        Assert.Equal((RefusalReason.EnvironmentBuild, "Ahead==9.0.0"), (refusal.Reason, refusal.Requirement));
    }

    [Fact]
    public async Task WhatIsNoRequestIsRefusedAndTheHostGoesOn()
    {
        using var feed = new PackageFeed();
        await using var host = new RunningHost(feed.Host());
        await host.InitializeAsync();
        var long257 = new string('a', ProtocolLimits.LongestRequirement + 1);
        byte[][] wrong =
        [
            [],
            [0xc1],
            EnvironmentRequestCodec.Write([]),
            EnvironmentRequestCodec.Write(["A=1"]),
            EnvironmentRequestCodec.Write(["A==1", "a==2"]),
            EnvironmentRequestCodec.Write([long257]),
            EnvironmentRequestCodec.Write([.. Enumerable.Range(0, ProtocolLimits.MaximumRequirements + 1).Select(i => $"P{i}")]),
            EnvironmentRequestCodec.Write(["A"])[..^1],
            [.. EnvironmentRequestCodec.Write(["A"]), 0],
            [0x92, 0x01, 0xdd, 0xff, 0xff, 0xff, 0xff],
        ];

        foreach (var body in wrong)
        {
            var (status, answer) = await host.SendAsync(HttpMethod.Post, Routes.Environments, body);

            Assert.Equal((400, RefusalReason.Protocol), (status, RefusalCodec.Read(new(answer)).Reason));
        }

        await host.AssertServesAsync();
        Assert.False(Directory.Exists(feed.Environments));
    }

    [Fact]
    public async Task AnyCallerHearsOfItsOwnKey()
    {
        using var feed = new PackageFeed();
        await using var host = new RunningHost(feed.Host());
        await host.InitializeAsync();

        var key = KeyRecordCodec.Read(new((await host.SendAsync(HttpMethod.Get, Routes.Key, [])).Body));

        Assert.Equal(("local", "admin", null, null), (key.Id, key.Scope, key.Created, key.Expires));
        Assert.Equal(401, (await host.SendAsync(HttpMethod.Get, Routes.Key, [], "Key wrong")).Status);
        Assert.Equal(405, (await host.SendAsync(HttpMethod.Delete, Routes.Key, [])).Status);
    }

    private static List<(InvocationEventKind Kind, byte[] Payload)> Events(byte[] body)
    {
        var events = new List<(InvocationEventKind, byte[])>();
        for (var rest = body.AsSpan(); !rest.IsEmpty; )
        {
            var header = EventHeader.Read(rest);
            events.Add((header.Kind, rest.Slice(EventHeader.Size, header.PayloadLength).ToArray()));
            rest = rest[(EventHeader.Size + header.PayloadLength)..];
        }

        return events;
    }
}
