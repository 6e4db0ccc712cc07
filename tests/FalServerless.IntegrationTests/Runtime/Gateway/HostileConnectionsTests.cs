using System.Net;
using System.Net.Sockets;
using System.Text;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Protocol.Worker;
using FalServerless.Runtime.Gateway;
using FalServerless.Tests.Shared.Scripted;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Gateway;

/// <summary>What a gateway on a network puts up with; its limits are short here, so that a test need not wait for them.</summary>
public class HostileConnectionsTests
{
    private static readonly NetworkLimits Short = new()
    {
        Headers = TimeSpan.FromSeconds(1),
        Idle = TimeSpan.FromSeconds(1),
        BodyGrace = TimeSpan.FromSeconds(1.5),
        BodyBytesPerSecond = 1_000,
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhoSaysNothingOrTooLittleIsLetGo()
    {
        await using var host = await StartAsync(Short);
        using var silent = await DialAsync(host);
        using var slowHeaders = await DialAsync(host, "GET /v1/workers HTTP/1.1\r\nHost: x\r\nX-");
        using var slowBody = await DialAsync(host, Head(host, 100_000) + "\u0098");
        using var idle = await DialAsync(host, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal("", await ReadToEndAsync(silent));
        Assert.StartsWith("HTTP/1.1 408 ", await ReadToEndAsync(slowHeaders));
        Assert.StartsWith("HTTP/1.1 408 ", await ReadToEndAsync(slowBody));
        Assert.StartsWith("HTTP/1.1 200 ", await ReadToEndAsync(idle));
    }

    [Fact]
    public async Task ASilentEventStreamAndAPayloadThatWaitsForItsWorkerAreNotCut()
    {
        await using var host = await StartAsync(Short);
        var posted = host.PostAsync(ScriptedHost.Request());
        var worker = host.NextWorker();
        var (id, _, _) = worker.NextCall();
        worker.Send(WorkerFrameKind.Log, id, Line());
        using var streaming = await posted;
        Assert.Equal(InvocationEventKind.Log, (await streaming.NextAsync()).Kind);

        // It needs the one worker that there is, so its payload stays in the connection.
        var request = ScriptedHost.Request();
        var head = ScriptedHost.Head(request, 300_000);
        using var waiting = await DialAsync(host, Head(host, head.Length + 300_000));
        await waiting.SendAsync(head, Token);
        await waiting.SendAsync(new byte[300_000], Token);

        // By when this one is cut, and one more after it, those would have been.
        for (var i = 0; i < 2; i++)
        {
            using var slow = await DialAsync(host, Head(host, 100_000) + "\u0098");
            Assert.StartsWith("HTTP/1.1 408 ", await ReadToEndAsync(slow));
        }

        worker.Send(WorkerFrameKind.Result, id, 7);
        Assert.Equal(InvocationEventKind.Result, (await streaming.NextAsync()).Kind);
        var (second, invoke, _) = worker.NextCall();
        Assert.Equal((request.Id, 300_000), (second, invoke.PayloadLength));
        worker.Send(WorkerFrameKind.Result, second, 7);
        Assert.StartsWith("HTTP/1.1 200 ", await ReadSomeAsync(waiting));
    }

    [Fact]
    public async Task WhatIsNoRequestIsRefusedAndTheHostServesOn()
    {
        await using var host = await StartAsync(new());
        foreach (
            var (sent, expected) in new[]
            {
                ("\0\0\0garbage that is no HTTP at all\r\n\r\n", "HTTP/1.1 400 "),
                ($"GET / HTTP/1.1\r\nHost: x\r\nX-Large: {new string('x', 100_000)}\r\n\r\n", "HTTP/1.1 431 "),
                (
                    $"GET / HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 500).Select(i => $"X-{i}: y\r\n"))}\r\n",
                    "HTTP/1.1 431 "
                ),
                ($"GET /{new string('x', 100_000)} HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 414 "),
                ("GET / HTTP/9.9\r\nHost: x\r\n\r\n", "HTTP/1.1 505 "),
                ("POST /v1/invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", "HTTP/1.1 401 "),
                ("POST /v1/invocations HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 400 "),
                ("POST /v1/invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 401 "),
                ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0", "\0\0\b\a"),
                ("\u0016\u0003\u0001\0\u0005hello", "HTTP/1.1 400 "),
            }
        )
        {
            using var socket = await DialAsync(host, sent);

            // A connection that is closed with bytes unread may lose the answer on its way.
            var answer = await ReadToEndAsync(socket);
            Assert.True(
                answer.Length == 0 || answer.StartsWith(expected, StringComparison.Ordinal),
                $"'{sent[..Math.Min(sent.Length, 60)]}' was answered with '{answer}'."
            );
        }

        var posted = host.PostAsync(ScriptedHost.Request());
        var worker = host.NextWorker();
        worker.Send(WorkerFrameKind.Result, worker.NextCall().Id, 7);
        using var call = await posted;
        Assert.Equal(InvocationEventKind.Result, (await call.NextAsync()).Kind);
    }

    [Fact]
    public async Task BeyondTheConnectionsThatItHasRoomForNoneIsTakenAndOneThatEndsMakesRoom()
    {
        await using var host = await StartAsync(new() { Connections = 3 });
        var all = new List<Socket>();
        for (var i = 0; i < 3; i++)
        {
            var socket = await DialAsync(host, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
            all.Add(socket);
            Assert.StartsWith("HTTP/1.1 200 ", await ReadSomeAsync(socket));
        }

        using (var tooMany = await DialAsync(host, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"))
        {
            Assert.Equal("", await ReadToEndAsync(tooMany));
        }

        all[0].Dispose();
        var served = "";
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); served == "" && watch.Elapsed < Eventually.Limit; )
        {
            using var next = await DialAsync(host, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
            served = await ReadSomeAsync(next);
        }

        Assert.StartsWith("HTTP/1.1 200 ", served);
        all.ForEach(socket => socket.Dispose());
    }

    private static byte[] Line()
    {
        var line = new System.Buffers.ArrayBufferWriter<byte>();
        FalServerless.Protocol.LogEntryCodec.Write(line, LogEntryLevel.Info, LogEntrySource.User, DateTimeOffset.UnixEpoch, "line");
        return line.WrittenSpan.ToArray();
    }

    private static string Head(ScriptedHost host, int length) =>
        $"POST {Routes.Invocations} HTTP/1.1\r\nHost: x\r\nAuthorization: {host.Authorization}\r\nContent-Length: {length}\r\n\r\n";

    // The scripted clock moves only by hand; what Kestrel times is real.
    private static Task<ScriptedHost> StartAsync(NetworkLimits limits) =>
        ScriptedHost.StartAsync(new ScriptedSettings { Network = limits });

    private static async Task<Socket> DialAsync(ScriptedHost host, string sent = "")
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(host.Addresses.Single()).Port, Token);
        await socket.SendAsync(Encoding.Latin1.GetBytes(sent), Token);
        return socket;
    }

    private static async Task<string> ReadSomeAsync(Socket socket)
    {
        var buffer = new byte[64 << 10];
        try
        {
            return Encoding.Latin1.GetString(buffer, 0, await socket.ReceiveAsync(buffer, Token).AsTask().WaitAsync(Eventually.Limit));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return "";
        }
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        var all = "";
        while (await ReadSomeAsync(socket) is { Length: > 0 } some)
        {
            all += some;
        }

        return all;
    }
}
