using System.Net.Sockets;
using FalServerless.Protocol;
using FalServerless.Protocol.Worker;
using FalServerless.Runtime.Workers;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Time;
using FalServerless.Tests.Shared.Transport;

namespace FalServerless.UnitTests.Runtime.Workers;

public sealed class WorkerListenerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WorkerListener _listener;

    public WorkerListenerTests() => _listener = new(_folder.File("workers.sock"));

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task AWorkerWithItsTokenIsLetInOnceForEachKindOfConnection()
    {
        var expected = _listener.Expect();
        using var data = Say(Hello(expected.Token, isControl: false));
        Assert.False(expected.Arrived.IsCompleted);

        using var control = Say(Hello(expected.Token, isControl: true));
        var connections = await expected.Arrived.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);

        foreach (var isControl in new[] { false, true })
        {
            using var again = Say(Hello(expected.Token, isControl));
            AssertClosed(again);
        }

        connections.Data.Write(WorkerFrameKind.Invoke, Guid.Empty, [1]);
        Assert.Equal(WorkerFrameHeader.Size + 1, data.Receive(new byte[100]));
    }

    [Fact]
    public void ATokenIsWorthNothingOnceItsWorkerIsForgotten()
    {
        var expected = _listener.Expect();
        _listener.Forget(expected);

        using var late = Say(Hello(expected.Token, isControl: false));

        AssertClosed(late);
    }

    public static TheoryData<string, byte[]> Strangers =>
        new()
        {
            { "a wrong token", Hello(new string('0', 64), isControl: false) },
            { "an empty token", Hello("", isControl: false) },
            {
                "a wrong version",
                Framed(
                    WorkerHelloCodec.Write(
                        new()
                        {
                            Version = 99,
                            Token = new byte[32],
                            IsControl = false,
                            ProcessId = 1,
                        }
                    )
                )
            },
            { "another frame", LocalSockets.Frame(WorkerFrameKind.Result, 5) },
            { "a hello of garbage", LocalSockets.Frame(WorkerFrameKind.Hello, 20) },
            { "an endless hello", LocalSockets.Frame(WorkerFrameKind.Hello, 100_000) },
            { "garbage", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray() },
        };

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task AStrangerIsSentAwayAndAWorkerIsLetInAfterIt(string who, byte[] says)
    {
        Assert.NotEmpty(who);
        using var stranger = Say(says);
        AssertClosed(stranger);

        var expected = _listener.Expect();
        using var data = Say(Hello(expected.Token, isControl: false));
        using var control = Say(Hello(expected.Token, isControl: true));
        await expected.Arrived.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void AStrangerThatSaysNothingIsSentAwayInTime()
    {
        using var silent = Say([]);

        AssertClosed(silent);
    }

    [Fact]
    public void AHelloThatIsTooLongIsNotWaitedFor()
    {
        using var stranger = Say(LocalSockets.Frame(WorkerFrameKind.Hello, 100_000)[..WorkerFrameHeader.Size]);

        AssertClosed(stranger, within: TimeSpan.FromSeconds(3));
    }

    private static byte[] Hello(string token, bool isControl) =>
        Framed(
            WorkerHelloCodec.Write(
                new()
                {
                    Version = ProtocolVersion.Current,
                    Token = Convert.FromHexString(token),
                    IsControl = isControl,
                    ProcessId = 1,
                }
            )
        );

    private static byte[] Framed(byte[] payload)
    {
        var frame = LocalSockets.Frame(WorkerFrameKind.Hello, payload.Length);
        payload.CopyTo(frame, WorkerFrameHeader.Size);
        return frame;
    }

    private static void AssertClosed(Socket socket) => AssertClosed(socket, TimeSpan.FromSeconds(15));

    private static void AssertClosed(Socket socket, TimeSpan within)
    {
        socket.ReceiveTimeout = (int)within.TotalMilliseconds;
        try
        {
            Assert.Equal(0, socket.Receive(new byte[1]));
        }
        catch (SocketException e)
        {
            // Closed with bytes of ours unread.
            Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
        }
    }

    private Socket Say(byte[] bytes)
    {
        var socket = LocalSockets.Dial(_listener.Path);
        try
        {
            socket.Send(bytes);
        }
        catch (SocketException)
        {
            // Closed before all was said.
        }

        return socket;
    }
}
