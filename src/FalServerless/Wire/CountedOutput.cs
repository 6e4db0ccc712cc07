using System.Buffers;

namespace FalServerless.Wire;

/// <summary>
/// An output that knows how many bytes went into it, and how large the last span was that it gave: the package's writer tells neither.
/// </summary>
internal sealed class CountedOutput(IBufferWriter<byte> output) : IBufferWriter<byte>
{
    public long Count { get; private set; }

    /// <summary>The length of the span that is being written to; 0 where there is none.</summary>
    public int Offered { get; private set; }

    public void Advance(int count)
    {
        output.Advance(count);
        Count += count;
        Offered = 0;
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        var span = output.GetSpan(sizeHint);
        Offered = span.Length;
        return span;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var memory = output.GetMemory(sizeHint);
        Offered = memory.Length;
        return memory;
    }
}
