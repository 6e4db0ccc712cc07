using System.Buffers;
using FalServerless.Protocol;

namespace FalServerless.Transport;

/// <summary>Puts a value together that came in chunks.</summary>
internal sealed class ChunkAssembler(long limit = ProtocolLimits.MaximumBody)
{
    private SegmentedBuffer? _pieces;

    /// <exception cref="ProtocolException">The value is larger than any may be.</exception>
    public void Add(ReadOnlySpan<byte> chunk)
    {
        _pieces ??= new();
        if (_pieces.Length + chunk.Length > limit)
        {
            throw new ProtocolException($"The host sent a value of more than {limit} bytes.");
        }

        _pieces.Write(chunk);
    }

    /// <summary>Drops what has come of a value whose end will not come.</summary>
    public void Clear() => _pieces = null;

    /// <summary>The whole value, of which this is the last piece; without chunks before it, the piece as it is.</summary>
    /// <exception cref="ProtocolException">The value is larger than any may be.</exception>
    public ReadOnlySequence<byte> Complete(ReadOnlyMemory<byte> last)
    {
        if (_pieces is null)
        {
            return new(last);
        }

        Add(last.Span);
        var value = _pieces.Written;
        _pieces = null;
        return value;
    }
}
