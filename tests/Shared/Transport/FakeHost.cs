using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Files;
using FalServerless.Transport;

namespace FalServerless.Tests.Shared.Transport;

/// <summary>
/// A host that answers as a test says. It closes the connection after each answer, and is then gone for its client unless
/// <see cref="IsGone"/> says otherwise.
/// </summary>
internal sealed class FakeHost : FalHost, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly RuntimeClient _client;

    public FakeHost(TimeProvider? time = null)
    {
        var path = _folder.File("gateway.sock");
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _client = RuntimeClient.OverSocket(path, "key", () => "It is a fake.", () => IsGone, time);
        _ = Connections.AcceptAllAsync(_listener, ServeAsync);
    }

    /// <summary>What the client is told when it asks whether the host is gone for good.</summary>
    public bool IsGone { get; init; } = true;

    /// <summary>The answer to every request, unless there is a script.</summary>
    public byte[] Answer { get; set; } = [];

    /// <summary>Answers the requests, one after the other or several at once; the connection ends with it.</summary>
    public Func<FakeRequest, Stream, Task>? Script { get; set; }

    /// <summary>The requests that came whole.</summary>
    public ConcurrentQueue<FakeRequest> Requests { get; } = new();

    public IReadOnlyList<InvocationRequest> Invocations =>
        [.. Requests.Where(request => request.IsInvocation).Select(request => request.Invocation)];

    /// <summary>The paths of what was cancelled.</summary>
    public IReadOnlyList<string> Cancellations => [.. Requests.Where(request => request.IsCancellation).Select(request => request.Path)];

    public static byte[] Http(string status, string headers, ReadOnlySpan<byte> body) =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{headers}\r\n"), .. body];

    // Each answer says that the connection ends: a client that kept it could send the next request to nobody, and meet a reset.
    public static byte[] Ok(ReadOnlySpan<byte> body) => Http("200 OK", $"Connection: close\r\nContent-Length: {body.Length}\r\n", body);

    public static byte[] NoContent { get; } = Http("204 No Content", "Connection: close\r\n", []);

    /// <summary>The beginning of a response whose events come bit by bit and end with the connection.</summary>
    public static byte[] Opening { get; } = Http("200 OK", "Connection: close\r\n", []);

    public static byte[] Refused(string status, RefusalReason reason, params IReadOnlyList<ContentHash> missing)
    {
        var body = RefusalCodec.Write(
            new()
            {
                Reason = reason,
                Message = "As the test wants it.",
                Missing = missing,
            }
        );
        return Http(status, $"Connection: close\r\nContent-Type: {Routes.MessageMediaType}\r\nContent-Length: {body.Length}\r\n", body);
    }

    public static byte[] Event(InvocationEventKind kind, params ReadOnlySpan<byte> payload)
    {
        var bytes = new byte[EventHeader.Size + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, payload.Length);
        bytes[4] = (byte)kind;
        payload.CopyTo(bytes.AsSpan(EventHeader.Size));
        return bytes;
    }

    public static byte[] Line(string line)
    {
        var log = new ArrayBufferWriter<byte>();
        LogEntryCodec.Write(log, LogEntryLevel.Info, LogEntrySource.User, DateTimeOffset.UnixEpoch, line);
        return Event(InvocationEventKind.Log, log.WrittenSpan);
    }

    public static async Task UntilTheClientGoesAsync(Stream stream)
    {
        while (await stream.ReadAsync(new byte[256]) > 0) { }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _client.Dispose();
        _folder.Dispose();
    }

    internal override void Prepare() { }

    internal override ValueTask<RuntimeClient> ConnectAsync(CancellationToken cancellationToken) => new(_client);

    private async Task ServeAsync(Socket connection)
    {
        using var stream = new NetworkStream(connection, ownsSocket: true);
        try
        {
            if (await FakeRequest.ReadAsync(stream) is not { } request)
            {
                return;
            }

            Requests.Enqueue(request);
            await (Script is { } script ? script(request, stream) : stream.WriteAsync(Answer).AsTask());
        }
        catch (IOException)
        {
            // The client had seen enough.
        }
    }
}
