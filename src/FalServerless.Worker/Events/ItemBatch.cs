using System.Buffers;
using System.Net.Sockets;
using FalServerless.Protocol.Worker;
using FalServerless.Transport;

namespace FalServerless.Worker.Events;

/// <summary>
/// Gathers the frames of small items, so that a thousand of them cost one system call. None waits here for longer than a moment, even while
/// its producer blocks.
/// </summary>
internal sealed class ItemBatch(Guid invocation, WorkerConnection home) : IDisposable
{
    private const int Size = 32 << 10;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly byte[] _frames = new byte[Size];
    private int _used;
    private ITimer? _timer;
    private bool _isTimed;
    private bool _isDisposed;

    public void Add(in ReadOnlySequence<byte> item)
    {
        var length = (int)item.Length;
        lock (_lock)
        {
            if (length + WorkerFrameHeader.Size > Size - _used)
            {
                Send();
                if (length + WorkerFrameHeader.Size > Size)
                {
                    home.Write(WorkerFrameKind.Item, invocation, [], item);
                    return;
                }
            }

            new WorkerFrameHeader(WorkerFrameKind.Item, invocation, length).Write(_frames.AsSpan(_used));
            item.CopyTo(_frames.AsSpan(_used + WorkerFrameHeader.Size));
            _used += WorkerFrameHeader.Size + length;
            if (!_isTimed)
            {
                _isTimed = true;
                _timer ??= TimeProvider.System.CreateTimer(
                    static batch => ((ItemBatch)batch!).FlushInTime(),
                    this,
                    Timeout.InfiniteTimeSpan,
                    Timeout.InfiniteTimeSpan
                );
                _timer.Change(LongestWait, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Flush()
    {
        lock (_lock)
        {
            Send();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }
    }

    private void FlushInTime()
    {
        lock (_lock)
        {
            _isTimed = false;
            if (_isDisposed)
            {
                return;
            }

            try
            {
                Send();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The gateway is gone, and the worker ends with it: the control connection does that.
            }
        }
    }

    private void Send()
    {
        if (_used > 0)
        {
            home.WriteFrames(_frames.AsSpan(0, _used));
            _used = 0;
        }
    }
}
