using System.Net.Sockets;
using FalServerless.Protocol;
using FalServerless.Protocol.Worker;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Transport;
using FalServerless.Transport;

namespace FalServerless.UnitTests.Transport;

public class HostileFramesTests
{
    [Fact]
    public void AnyBytesOnAWorkersConnectionAreFramesOrItsEndOrRefused()
    {
        var random = Printed.Random(of: nameof(AnyBytesOnAWorkersConnectionAreFramesOrItsEndOrRefused));
        using var folder = new TemporaryFolder();
        using var listener = LocalSockets.Listen(folder.File("socket"));
        byte[] valid =
        [
            .. LocalSockets.Frame(WorkerFrameKind.Log, 100),
            .. LocalSockets.Frame(WorkerFrameKind.Result, 0),
            .. LocalSockets.Frame(WorkerFrameKind.Failure, 20_000),
        ];
        for (var i = 0; i < 3000; i++)
        {
            var bytes = i % 3 == 0 ? RandomBytes(random) : Mutation.Of(valid, random);
            var (ours, theirs) = Connect(listener);
            using var connection = new WorkerConnection(ours);
            theirs.Send(bytes);
            theirs.Dispose();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var read = 0;
            try
            {
                while (connection.TryRead(out var header, out var payload))
                {
                    Assert.Equal(header.PayloadLength, payload.Length);
                    read += WorkerFrameHeader.Size + payload.Length;
                }
            }
            catch (ProtocolException) { }

            Assert.InRange(read, 0, bytes.Length);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    [Fact]
    public async Task AnyBytesInAResponseAreEventsOrRefused()
    {
        var random = Printed.Random(of: nameof(AnyBytesInAResponseAreEventsOrRefused));
        byte[] valid = [50, 0, 0, 0, 1, .. new byte[50], 0, 0, 0, 0, 3, 10, 0, 0, 0, 2, .. new byte[10]];
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Mutation.Of(valid, random);
            using var events = new EventReader(new HttpResponseMessage(), new MemoryStream(bytes));
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                while ((await events.ReadAsync(TestContext.Current.CancellationToken)).Kind != InvocationEventKind.Result) { }

                await events.CompleteAsync(TestContext.Current.CancellationToken);
            }
            catch (Exception e) when (e is ProtocolException or ConnectionBrokenException) { }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 18);
        }
    }

    [Fact]
    public void AFrameOverTheReadersLimitIsRefusedBeforeItIsRead()
    {
        using var folder = new TemporaryFolder();
        using var listener = LocalSockets.Listen(folder.File("socket"));
        var (ours, theirs) = Connect(listener);
        using var connection = new WorkerConnection(ours);
        theirs.Send(LocalSockets.Frame(WorkerFrameKind.Hello, 300));

        Assert.Throws<ProtocolException>(() => connection.TryRead(out _, out _, limit: 256));
        theirs.Dispose();
    }

    private static (Socket Ours, Socket Theirs) Connect(Socket listener)
    {
        var theirs = LocalSockets.Dial(((UnixDomainSocketEndPoint)listener.LocalEndPoint!).ToString());
        return (listener.Accept(), theirs);
    }

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(1, 200)];
        random.NextBytes(bytes);
        return bytes;
    }
}
