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
        var length = checked((int)(first.Length + rest.Length));
        if (length > WorkerFrameHeader.MaximumPayload)
        {
            throw new ProtocolException($"A frame of {length} bytes is over the limit of {WorkerFrameHeader.MaximumPayload}.");
        }

        lock (_writing)
        {
            var used = WorkerFrameHeader.Size;
            new WorkerFrameHeader(kind, invocation, length).Write(_outgoing);
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
