using System.Net.Sockets;
using System.Text;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Protocol.Worker;
using FalServerless.Tests.Shared.Scripted;
using FalServerless.Tests.Shared.Time;
using FalServerless.UnitTests.Runtime.Scripted;

namespace FalServerless.UnitTests.Runtime.Gateway;

public class UploadTests
{
    private const int Large = 3_000_000;

    [Fact]
    public async Task ALargePayloadReachesTheWorkerInPiecesAndWhole()
    {
        await using var host = await ScriptedHost.StartAsync();
        var payload = new byte[Large];
        new Random(1).NextBytes(payload);
        var posting = host.PostAsync(ScriptedHost.Request() with { Payload = new(payload) });
        var worker = host.NextWorker();

        var (id, invoke, first) = worker.NextCall();
        var received = new List<byte>(first);
        while (received.Count < Large)
        {
            var (kind, of, piece) = worker.Next();
            Assert.Equal((WorkerFrameKind.Input, id), (kind, of));
            Assert.InRange(piece.Length, 1, ProtocolLimits.Chunk);
            received.AddRange(piece);
        }

        Assert.Equal(Large, invoke.PayloadLength);
        Assert.Equal(payload, received);
        worker.Send(WorkerFrameKind.Result, id, 7);
        using var events = await posting;
        Assert.Equal((byte[])[7], (await events.NextAsync()).Payload);
    }

    [Fact]
    public async Task APayloadThatWaitsForAWorkerStaysInItsConnection()
    {
        await using var host = await ScriptedHost.StartAsync();
        var blocking = host.PostAsync(ScriptedHost.Request());
        var worker = host.NextWorker();
        var running = worker.NextCall();
        var request = ScriptedHost.Request();
        var head = ScriptedHost.Head(request, 64 << 20);
        using var socket = host.Begin($"Content-Length: {head.Length + (64 << 20)}", head);
        socket.SendTimeout = 500;

        var sent = SendUntilStuck(socket, 64 << 20);

        Assert.InRange(sent, 0, 1 << 20);
        worker.Send(WorkerFrameKind.Result, running.Id, 1);
        Assert.Equal(request.Id, worker.NextCall().Id);
        Assert.Equal(WorkerFrameKind.Input, worker.Next().Kind);
        using var events = await blocking;
    }

    [Fact]
    public async Task AConnectionThatBreaksWithinThePayloadCancelsTheCallAndARepetitionStartsItAnew()
    {
        await using var host = await ScriptedHost.StartAsync();
        var request = ScriptedHost.Request() with { Payload = new(new byte[Large]) };
        var head = ScriptedHost.Head(request, Large);
        var socket = host.Begin($"Content-Length: {head.Length + Large}", head);
        socket.Send(new byte[100_000]);
        var worker = host.NextWorker();
        Assert.Equal(request.Id, worker.NextCall().Id);

        socket.Dispose();

        var cancel = worker.NextControl();
        Assert.Equal((WorkerFrameKind.Cancel, request.Id), (cancel.Kind, cancel.Id));
        while (worker.NextInput(request.Id, 1000)) { }

        worker.Send(WorkerFrameKind.Refusal, request.Id, 1);
        var again = host.PostAsync(request with { Age = TimeSpan.FromMilliseconds(1) });
        Assert.Equal(request.Id, worker.NextCall().Id);
        for (var left = Large; left > 0; )
        {
            left -= worker.Next().Payload.Length;
        }

        worker.Send(WorkerFrameKind.Result, request.Id, 9);
        using var events = await again;
        Assert.Equal((byte[])[9], (await events.NextAsync()).Payload);
    }

    [Fact]
    public async Task ARepetitionOfACallWhosePayloadIsStillComingStartsItAnew()
    {
        await using var host = await ScriptedHost.StartAsync();
        var request = ScriptedHost.Request(environment => environment with { MaxWorkers = 2 }) with { Payload = new(new byte[Large]) };
        var head = ScriptedHost.Head(request, Large);
        using var stuck = host.Begin($"Content-Length: {head.Length + Large}", head);
        var worker = host.NextWorker();
        Assert.Equal(request.Id, worker.NextCall().Id);

        var again = host.PostAsync(request with { Age = TimeSpan.Zero });

        Assert.Equal(WorkerFrameKind.Cancel, worker.NextControl().Kind);
        var second = host.NextWorker();
        Assert.Equal(request.Id, second.NextCall().Id);
        for (var left = Large; left > 0; )
        {
            left -= second.Next().Payload.Length;
        }

        worker.Send(WorkerFrameKind.Refusal, request.Id, 1);
        second.Send(WorkerFrameKind.Result, request.Id, 9);
        using var events = await again;
        Assert.Equal((byte[])[9], (await events.NextAsync()).Payload);
    }

    [Fact]
    public async Task ACallThatIsCancelledWhileItsPayloadComesEndsAtOnce()
    {
        await using var host = await ScriptedHost.StartAsync();
        var request = ScriptedHost.Request();
        var head = ScriptedHost.Head(request, Large);
        using var socket = host.Begin($"Content-Length: {head.Length + Large}", [.. head, .. new byte[200_000]]);
        var worker = host.NextWorker();
        Assert.Equal(request.Id, worker.NextCall().Id);

        Assert.Equal(204, await host.DeleteAsync(request.Id));

        Assert.Equal(WorkerFrameKind.Cancel, worker.NextControl().Kind);
        Assert.Contains("The call was cancelled.", ReceiveUntil(socket, "cancelled."));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(-2_000_000)]
    public async Task APayloadOfAnotherLengthThanAnnouncedIsRefusedAndDoesNotRun(int difference)
    {
        await using var host = await ScriptedHost.StartAsync();
        var head = ScriptedHost.Head(ScriptedHost.Request(), Large);
        byte[] body = [.. head, .. new byte[Large + difference]];

        using (var known = await host.PostAsync(new ByteArrayContent(body)))
        {
            Assert.Equal(400, known.Status);
        }

        Assert.False(host.HasStartedWorkers);
        head = ScriptedHost.Head(ScriptedHost.Request(), Large);
        var posting = host.PostAsync(new StreamContent(new Unsized([.. head, .. new byte[Large + difference]])));
        var worker = host.NextWorker();
        worker.NextCall();
        using var streamed = await posting;
        var refusal = await streamed.RefusalAsync();
        Assert.Equal(RefusalReason.Protocol, refusal.Reason);
        Assert.Contains($"{Large}", refusal.Message);
        Assert.Equal(WorkerFrameKind.Cancel, worker.NextControl().Kind);
    }

    [Fact]
    public async Task AHeadThatComesByteByByteIsUnderstood()
    {
        await using var host = await ScriptedHost.StartAsync();
        var request = ScriptedHost.Written(ScriptedHost.Request());
        using var socket = host.Begin($"Content-Length: {request.Length}", []);
        foreach (var value in request)
        {
            socket.Send([value]);
        }

        Assert.Equal((byte[])[1, 2, 3], host.NextWorker().NextCall().Payload);
    }

    [Fact]
    public async Task AHeadWithoutAnEndIsRefusedAtItsLimit()
    {
        await using var host = await ScriptedHost.StartAsync();
        var request = ScriptedHost.Request();
        byte[] head = [.. ScriptedHost.Head(request with { Name = null }, 0)];

        // The manifest claims more than a head may have.
        var at = head.AsSpan().IndexOf(request.Manifest.FirstSpan) - 2;
        byte[] forged = [.. head[..at], 0xc6, 0x7f, 0xff, 0xff, 0xff];
        using var events = await host.PostAsync(
            new StreamContent(new Unsized([.. forged, .. new byte[ProtocolLimits.MaximumHead + 1000]]))
        );

        Assert.Equal(400, events.Status);
    }

    private static string ReceiveUntil(Socket socket, string words)
    {
        socket.ReceiveTimeout = (int)Eventually.Limit.TotalMilliseconds;
        var buffer = new byte[4096];
        var received = "";
        while (!received.Contains(words, StringComparison.Ordinal))
        {
            var count = socket.Receive(buffer);
            Assert.NotEqual(0, count);
            received += Encoding.UTF8.GetString(buffer, 0, count);
        }

        return received;
    }

    private static long SendUntilStuck(Socket socket, long limit)
    {
        var piece = new byte[64 << 10];
        long sent = 0;
        try
        {
            while (sent < limit)
            {
                sent += socket.Send(piece);
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock) { }

        return sent;
    }
}
