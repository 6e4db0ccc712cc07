using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using FalServerless.Protocol.Worker;
using FalServerless.Transport;

namespace FalServerless.Runtime.Workers;

/// <summary>Where workers connect to the gateway. A connection that does not say a known token within a few seconds is closed.</summary>
internal sealed class WorkerListener : IDisposable
{
    private const int HelloTimeoutMilliseconds = 5000;
    private const int LongestHello = 256;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentDictionary<string, ExpectedWorker> _expected = new();

    public WorkerListener(string path)
    {
        Path = path;
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        _socket.Listen(512);
        new Thread(AcceptLoop) { IsBackground = true, Name = "worker listener" }.Start();
    }

    public string Path { get; }

    /// <summary>Makes a token and waits for the worker that says it.</summary>
    public ExpectedWorker Expect()
    {
        var worker = new ExpectedWorker(Convert.ToHexString(RandomNumberGenerator.GetBytes(WorkerStart.TokenSize)));
        _expected[worker.Token] = worker;
        return worker;
    }

    public void Forget(ExpectedWorker worker) => _expected.TryRemove(worker.Token, out _);

    public void Dispose() => _socket.Dispose();

    private void AcceptLoop()
    {
        while (true)
        {
            try
            {
                var connection = _socket.Accept();
                new Thread(() => Authenticate(connection)) { IsBackground = true, Name = "worker hello" }.Start();
            }
            catch (SocketException e)
                when (e.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset or SocketError.TooManyOpenSockets)
            {
                // One that could not be taken is no reason to take none any more.
                Thread.Yield();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Authenticate(Socket socket)
    {
        var connection = new WorkerConnection(socket);
        try
        {
            socket.ReceiveTimeout = HelloTimeoutMilliseconds;
            if (connection.TryRead(out var header, out var payload, LongestHello) && header.Kind == WorkerFrameKind.Hello)
            {
                socket.ReceiveTimeout = 0;
                var hello = WorkerHelloCodec.Read(payload);
                if (_expected.TryGetValue(Convert.ToHexString(hello.Token.Span), out var worker) && worker.Accept(hello, connection))
                {
                    return;
                }
            }
        }
        catch (ProtocolException)
        {
            // Not one of ours, or of another version: its start then fails with what the process said.
        }

        connection.Dispose();
    }
}
