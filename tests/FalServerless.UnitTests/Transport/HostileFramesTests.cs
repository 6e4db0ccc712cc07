using System.Net.Sockets;
using CsCheck;
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
        using var folder = new TemporaryFolder();
        using var listener = LocalSockets.Listen(folder.File("socket"));
        byte[] valid =
        [
            .. LocalSockets.Frame(WorkerFrameKind.Log, 100),
            .. LocalSockets.Frame(WorkerFrameKind.Result, 0),
            .. LocalSockets.Frame(WorkerFrameKind.Failure, 20_000),
        ];
        Gen.Frequency((1, Gen.Byte.Array[1, 199]), (2, Mutation.Of(valid)))
            .Sample(
                3000,
                bytes =>
                {
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
                },
                Convert.ToHexString
            );
    }

    [Fact]
    public async Task AnyBytesInAResponseAreEventsOrRefused()
    {
        byte[] valid = [50, 0, 0, 0, 1, .. new byte[50], 0, 0, 0, 0, 3, 10, 0, 0, 0, 2, .. new byte[10]];
        foreach (var bytes in Mutation.Of(valid).Take(20_000))
        {
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
}
