using System.Net.Sockets;
using FalServerless.Protocol.Worker;
using FalServerless.Runtime.Workers;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Time;
using FalServerless.Transport;

namespace FalServerless.UnitTests.Runtime.Workers;

/// <summary>What is sent to a worker that reads late, slowly or never.</summary>
public sealed class FrameSenderTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    private readonly TemporaryFolder _folder = new();
    private readonly WorkerConnection _here;
    private readonly WorkerConnection _there;

    public FrameSenderTests()
    {
        var address = new UnixDomainSocketEndPoint(_folder.File("socket"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(address);
        listener.Listen();
        var there = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        there.Connect(address);
        (_here, _there) = (new(listener.Accept()), new(there));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _here.Dispose();
        _there.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(10)]
    [InlineData(20_000)]
    [InlineData(100_000)]
    public async Task FramesForOneThatDoesNotReadWaitForNobodyAndArriveInOrder(int size)
    {
        var sender = new FrameSender(_here, Eventually.Limit, () => { });
        var frames = Math.Min(40_000, 20_000_000 / size);
        var ids = Enumerable.Range(0, frames).Select(i => new Guid(i, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0])).ToArray();

        await Task.Run(
                () => Array.ForEach(ids, id => sender.Write(WorkerFrameKind.Input, id, Bytes(id, size / 2), new(Bytes(id, size / 2)))),
                Token
            )
            .WaitAsync(Eventually.Limit, Token);

        foreach (var id in ids)
        {
            Assert.True(_there.TryRead(out var header, out var payload));
            Assert.Equal((WorkerFrameKind.Input, id), (header.Kind, header.Invocation));
            Assert.True(payload.Span.SequenceEqual([.. Bytes(id, size / 2), .. Bytes(id, size / 2)]));
        }

        await Eventually.TrueAsync(() => sender.QueuedBytes == 0, () => $"{sender.QueuedBytes} bytes are queued");
    }

    [Fact]
    public async Task OneThatReadsNothingIsReportedOnceAndGetsNoMore()
    {
        var reports = 0;
        var stuck = new TaskCompletionSource();
        var sender = new FrameSender(
            _here,
            Short,
            () =>
            {
                Interlocked.Increment(ref reports);
                stuck.SetResult();
            }
        );
        Fill(sender);
        var room = sender.WaitForRoomAsync(Token);

        await stuck.Task.WaitAsync(Eventually.Limit, Token);

        await room.WaitAsync(Eventually.Limit, Token);
        Assert.Throws<SocketException>(() => sender.Write(WorkerFrameKind.Cancel, Guid.Empty, []));
        Assert.Equal((1, 0L), (reports, sender.QueuedBytes));
    }

    [Fact]
    public async Task OneThatReadsALittleNowAndThenIsNotReported()
    {
        var isStuck = false;
        var sender = new FrameSender(_here, TimeSpan.FromSeconds(2), () => isStuck = true);
        Fill(sender);
        var begun = TimeProvider.System.GetTimestamp();

        // A frame at a time frees a kernel buffer of 32 KiB; all of it takes longer than the patience.
        while (TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(3))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), Token);
            Assert.True(_there.TryRead(out _, out _));
        }

        Assert.False(isStuck);
        Assert.NotEqual(0, sender.QueuedBytes);
        sender.Write(WorkerFrameKind.Cancel, Guid.Empty, []);
    }

    [Fact]
    public async Task RoomComesWhenEnoughIsRead()
    {
        var sender = new FrameSender(_here, Eventually.Limit, () => { });
        Assert.True(sender.WaitForRoomAsync(Token).IsCompleted);
        Fill(sender);
        using var stop = new CancellationTokenSource();
        var cancelled = sender.WaitForRoomAsync(stop.Token);
        var room = sender.WaitForRoomAsync(Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(room.IsCompleted);

        _ = Task.Run(
            () =>
            {
                while (_there.TryRead(out _, out _)) { }
            },
            Token
        );

        await room.WaitAsync(Eventually.Limit, Token);
    }

    [Fact]
    public async Task OneThatIsGoneIsToldToWhoeverWritesOrWaits()
    {
        var isStuck = false;
        var sender = new FrameSender(_here, Eventually.Limit, () => isStuck = true);
        Fill(sender);
        var room = sender.WaitForRoomAsync(Token);

        _there.Dispose();

        await room.WaitAsync(Eventually.Limit, Token);
        Assert.Throws<SocketException>(() => sender.Write(WorkerFrameKind.Cancel, Guid.Empty, []));
        Assert.False(isStuck);
    }

    [Fact]
    public void AFrameThatIsTooLongIsRefusedAndTheNextOneGoes()
    {
        var sender = new FrameSender(_here, Eventually.Limit, () => { });

        Assert.Throws<ProtocolException>(() =>
            sender.Write(WorkerFrameKind.Input, Guid.Empty, new byte[WorkerFrameHeader.MaximumPayload + 1])
        );

        sender.Write(WorkerFrameKind.Stop, Guid.Empty, []);
        Assert.True(_there.TryRead(out var header, out _));
        Assert.Equal(WorkerFrameKind.Stop, header.Kind);
    }

    [Fact]
    public async Task ThreadsThatWriteAtOnceMixNoFrames()
    {
        var sender = new FrameSender(_here, Eventually.Limit, () => { });
        var writing = Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(thread =>
                    Task.Run(
                        () =>
                        {
                            for (var i = 0; i < 500; i++)
                            {
                                var id = new Guid(thread, 0, (short)i, new byte[8]);
                                sender.Write(WorkerFrameKind.Input, id, [], new(Bytes(id, i * 37 % 70_000)));
                            }
                        },
                        Token
                    )
                )
        );

        var next = new int[4];
        for (var i = 0; i < 2000; i++)
        {
            Assert.True(_there.TryRead(out var header, out var payload));
            var parts = header.Invocation.ToByteArray();
            var (thread, number) = (BitConverter.ToInt32(parts, 0), BitConverter.ToInt16(parts, 6));
            Assert.Equal(next[thread]++, number);
            Assert.True(payload.Span.SequenceEqual(Bytes(header.Invocation, number * 37 % 70_000)));
        }

        await writing;
    }

    private static void Fill(FrameSender sender)
    {
        while (sender.QueuedBytes < 4_000_000)
        {
            sender.Write(WorkerFrameKind.Input, Guid.Empty, new byte[30_000]);
        }
    }

    private static byte[] Bytes(Guid id, int count)
    {
        var bytes = new byte[count];
        bytes.AsSpan().Fill((byte)id.GetHashCode());
        return bytes;
    }
}
