using System.Buffers;
using System.Collections.Concurrent;
using FalServerless.Protocol;
using Microsoft.AspNetCore.Connections;

namespace FalServerless.Runtime.Gateway;

/// <summary>
/// The memory that connections read into and write from, in blocks of 64 KiB. Kestrel's own blocks take 4 KiB, and each is a system call:
/// an upload of 2 GB over a local socket took 9 s with them, and takes 4.6 s with these. A connection that waits for a request holds none.
/// </summary>
internal sealed class ConnectionBlocks : MemoryPool<byte>
{
    // 2 MiB: as much as a few connections in full use. What is beyond is left to the collector.
    private const int MostKept = 32;

    private readonly ConcurrentQueue<byte[]> _kept = new();
    private int _count;

    public override int MaxBufferSize => ProtocolLimits.Chunk;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, MaxBufferSize);
        if (!_kept.TryDequeue(out var bytes))
        {
            return new Block(this, GC.AllocateUninitializedArray<byte>(ProtocolLimits.Chunk));
        }

        Interlocked.Decrement(ref _count);
        return new Block(this, bytes);
    }

    protected override void Dispose(bool disposing) { }

    private void Return(byte[] bytes)
    {
        if (Interlocked.Increment(ref _count) <= MostKept)
        {
            _kept.Enqueue(bytes);
        }
        else
        {
            Interlocked.Decrement(ref _count);
        }
    }

    internal sealed class Factory : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new ConnectionBlocks();
    }

    /// <summary>A block in use. Given back once, however often it is disposed of.</summary>
    private sealed class Block(ConnectionBlocks pool, byte[] bytes) : IMemoryOwner<byte>
    {
        private byte[]? _bytes = bytes;

        public Memory<byte> Memory => _bytes ?? throw new ObjectDisposedException(nameof(Block));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is { } returned)
            {
                pool.Return(returned);
            }
        }
    }
}
