using System.Buffers;
using System.Net.Sockets;
using FalServerless.Protocol.Worker;

namespace FalServerless.Transport;

/// <summary>
/// Frames over one blocking socket, the same at both ends. One thread reads and blocks in the kernel: woken directly, it answers sooner
/// than the thread pool would. Any thread may write.
/// </summary>
internal sealed class WorkerConnection(Socket socket) : IDisposable
{
    private const int InitialBuffer = 16 * 1024;

    private const int LargestKeptBuffer = 1 << 20;

    // A Unix socket that can be written to has room for one of the kernel's buffers, which are 32 KiB and a little more.
    private const int LargestUnpolled = 32 * 1024;

    private readonly Lock _writing = new();
    private readonly ReceiveBuffer _received = new(InitialBuffer, LargestKeptBuffer);
    private readonly byte[] _outgoing = new byte[InitialBuffer];

    /// <summary>Waits for the next frame; the payload is good until the next call.</summary>
    /// <returns>False once the other side has closed the connection or is gone.</returns>
    /// <exception cref="ProtocolException">The header is none that a frame may have, or the payload is longer than the limit.</exception>
    public bool TryRead(out WorkerFrameHeader header, out ReadOnlyMemory<byte> payload, int limit = WorkerFrameHeader.MaximumPayload)
    {
        header = default;
        payload = default;
        if (!TryFill(WorkerFrameHeader.Size))
        {
            return false;
        }

        header = WorkerFrameHeader.Read(_received.Take(WorkerFrameHeader.Size).Span);
        if (header.PayloadLength > limit)
        {
            throw new ProtocolException($"A frame claims {header.PayloadLength} bytes where {limit} is the limit.");
        }

        if (!TryFill(header.PayloadLength))
        {
            return false;
        }

        payload = _received.Take(header.PayloadLength);
        return true;
    }

    public void Write(WorkerFrameKind kind, Guid invocation, ReadOnlySpan<byte> payload) =>
        Write(kind, invocation, payload, ReadOnlySequence<byte>.Empty);

    /// <summary>Sends one frame whose payload is the two parts.</summary>
    /// <exception cref="SocketException">The other side is gone.</exception>
    public void Write(WorkerFrameKind kind, Guid invocation, ReadOnlySpan<byte> first, in ReadOnlySequence<byte> rest)
    {
        var header = WorkerFrameHeader.For(kind, invocation, first.Length + rest.Length);
        lock (_writing)
        {
            var used = WorkerFrameHeader.Size;
            header.Write(_outgoing);
            used = Append(first, used);
            foreach (var segment in rest)
            {
                used = Append(segment.Span, used);
            }

            Send(_outgoing.AsSpan(0, used));
        }
    }

    /// <summary>Sends frames that were gathered elsewhere, whole ones with their headers, without a copy.</summary>
    /// <exception cref="SocketException">The other side is gone.</exception>
    public void WriteFrames(ReadOnlySpan<byte> frames)
    {
        lock (_writing)
        {
            Send(frames);
        }
    }

    /// <summary>
    /// Sends what the other side has room for, without waiting for it. Only for a connection that nothing else writes to.
    /// </summary>
    /// <returns>How many bytes went.</returns>
    /// <exception cref="SocketException">The other side is gone.</exception>
    public int SendWhatFits(ReadOnlySpan<byte> bytes)
    {
        var sent = 0;
        while (sent < bytes.Length && socket.Poll(0, SelectMode.SelectWrite))
        {
            sent += socket.Send(bytes.Slice(sent, Math.Min(bytes.Length - sent, LargestUnpolled)));
        }

        return sent;
    }

    /// <summary>Waits until the other side has room.</summary>
    /// <returns>False when it has none in time.</returns>
    public bool WaitForRoom(TimeSpan limit) => socket.Poll(limit, SelectMode.SelectWrite);

    /// <summary>Ends the connection; a thread that reads it wakes up and sees its end.</summary>
    public void Dispose()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The other side went first.
        }
        catch (ObjectDisposedException) { }

        socket.Dispose();
    }

    // Small parts are gathered into one system call; what does not fit is sent without a copy.
    private int Append(ReadOnlySpan<byte> part, int used)
    {
        if (part.Length > _outgoing.Length - used)
        {
            Send(_outgoing.AsSpan(0, used));
            used = 0;
            if (part.Length > _outgoing.Length)
            {
                Send(part);
                return 0;
            }
        }

        part.CopyTo(_outgoing.AsSpan(used));
        return used + part.Length;
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }

    private bool TryFill(int wanted)
    {
        while (_received.Length < wanted)
        {
            try
            {
                var count = socket.Receive(_received.GetMemory(wanted).Span);
                if (count == 0)
                {
                    return false;
                }

                _received.Advance(count);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }

        return true;
    }
}
