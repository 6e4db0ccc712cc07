using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using FalServerless.Protocol;
using FalServerless.Protocol.Worker;
using FalServerless.Transport;

namespace FalServerless.Runtime.Workers;

/// <summary>
/// Sends frames to a worker without ever waiting for it. What the connection has no room for is queued, and a thread that lives only then
/// sends it. A worker that reads nothing for <paramref name="patience"/> meanwhile is reported once, and gets no more.
/// </summary>
/// <param name="connection">Only this writes to it.</param>
/// <param name="patience">How long a worker may read nothing while frames wait for it.</param>
/// <param name="stuck">Called once, on the thread that waits, when the patience is over.</param>
internal sealed class FrameSender(WorkerConnection connection, TimeSpan patience, Action stuck)
{
    /// <summary>Beyond so many queued bytes a sender of payloads has to wait for room: four pieces.</summary>
    private const int RoomyBytes = 4 * ProtocolLimits.Chunk;

    private readonly Lock _lock = new();
    private readonly Queue<ArraySegment<byte>> _queue = new();
    private readonly byte[] _gathered = new byte[16 * 1024];
    private long _queuedBytes;
    private bool _isDraining;
    private bool _isBroken;
    private TaskCompletionSource? _room;

    /// <summary>How many bytes wait for the worker to read.</summary>
    public long QueuedBytes
    {
        get
        {
            lock (_lock)
            {
                return _queuedBytes;
            }
        }
    }

    /// <summary>Sends or queues one frame.</summary>
    /// <exception cref="SocketException">The worker is gone.</exception>
    public void Write(WorkerFrameKind kind, Guid invocation, ReadOnlySpan<byte> payload) =>
        Write(kind, invocation, payload, ReadOnlySequence<byte>.Empty);

    /// <summary>Sends or queues one frame whose payload is the two parts.</summary>
    /// <exception cref="SocketException">The worker is gone.</exception>
    public void Write(WorkerFrameKind kind, Guid invocation, ReadOnlySpan<byte> first, in ReadOnlySequence<byte> rest)
    {
        var header = WorkerFrameHeader.For(kind, invocation, first.Length + rest.Length);
        lock (_lock)
        {
            if (_isBroken)
            {
                throw new SocketException((int)SocketError.ConnectionReset);
            }

            try
            {
                header.Write(_gathered);
                var used = Gather(first, WorkerFrameHeader.Size);
                foreach (var segment in rest)
                {
                    used = Gather(segment.Span, used);
                }

                Put(_gathered.AsSpan(0, used));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                Break();
                throw;
            }
        }
    }

    /// <summary>
    /// Completes when the queue is short: senders of large payloads wait for this after each piece. When the worker is gone too, which
    /// the next write finds out.
    /// </summary>
    public Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_isBroken || _queuedBytes <= RoomyBytes)
            {
                return Task.CompletedTask;
            }

            _room ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancellationToken);
        }
    }

    // Small parts are gathered into one system call; what does not fit goes without a copy.
    private int Gather(ReadOnlySpan<byte> part, int used)
    {
        if (part.Length > _gathered.Length - used)
        {
            Put(_gathered.AsSpan(0, used));
            used = 0;
            if (part.Length > _gathered.Length)
            {
                Put(part);
                return 0;
            }
        }

        part.CopyTo(_gathered.AsSpan(used));
        return used + part.Length;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        if (!_isDraining)
        {
            bytes = bytes[connection.SendWhatFits(bytes)..];
        }

        if (bytes.IsEmpty)
        {
            return;
        }

        // Rented: a large payload would else leave as much garbage as it is long.
        var kept = new ArraySegment<byte>(ArrayPool<byte>.Shared.Rent(bytes.Length), 0, bytes.Length);
        bytes.CopyTo(kept);
        _queue.Enqueue(kept);
        _queuedBytes += bytes.Length;
        if (!_isDraining)
        {
            _isDraining = true;
            new Thread(Drain) { IsBackground = true, Name = "worker sender" }.Start();
        }
    }

    // Sends outside of the lock: while this thread lives, no other sends.
    private void Drain()
    {
        try
        {
            while (TryPeek(out var bytes))
            {
                if (!TrySend(bytes))
                {
                    lock (_lock)
                    {
                        Break();
                    }

                    stuck();
                    return;
                }

                lock (_lock)
                {
                    // Not there any more where a write has failed meanwhile, which clears the queue.
                    if (!_queue.TryDequeue(out _))
                    {
                        return;
                    }

                    ArrayPool<byte>.Shared.Return(bytes.Array!);
                    _queuedBytes -= bytes.Count;
                    if (_queuedBytes <= RoomyBytes)
                    {
                        GiveRoom();
                    }
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            lock (_lock)
            {
                Break();
            }
        }
    }

    private bool TryPeek(out ArraySegment<byte> bytes)
    {
        lock (_lock)
        {
            _isDraining = _queue.TryPeek(out bytes);
            return _isDraining;
        }
    }

    private bool TrySend(ArraySegment<byte> bytes)
    {
        var progress = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < bytes.Count; )
        {
            var count = connection.SendWhatFits(bytes.AsSpan(sent));
            if (count > 0)
            {
                sent += count;
                progress = Stopwatch.GetTimestamp();
            }
            else if (patience - Stopwatch.GetElapsedTime(progress) is var left && (left <= TimeSpan.Zero || !connection.WaitForRoom(left)))
            {
                return false;
            }
        }

        return true;
    }

    private void Break()
    {
        _isBroken = true;
        _queue.Clear();
        _queuedBytes = 0;
        GiveRoom();
    }

    private void GiveRoom()
    {
        _room?.SetResult();
        _room = null;
    }
}
