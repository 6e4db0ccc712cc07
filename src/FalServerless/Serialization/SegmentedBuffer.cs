using System.Buffers;

namespace FalServerless.Serialization;

/// <summary>
/// Bytes in pieces that are written once and never moved: large values are neither copied while they grow nor joined at the end. The pieces
/// belong to whoever reads them, so they stay good for as long as they are held.
/// </summary>
internal sealed class SegmentedBuffer(long limit = long.MaxValue) : IBufferWriter<byte>
{
    private const int SmallestSegment = 256;

    // Below what goes to the heap of large objects.
    private const int LargestSegment = 64 << 10;

    private Segment? _first;
    private Segment? _last;
    private byte[] _current = [];
    private int _used;
    private long _before;

    /// <summary>How many bytes have been written.</summary>
    public long Length => _before + _used;

    /// <summary>What has been written so far; later writes do not change it.</summary>
    public ReadOnlySequence<byte> Written
    {
        get
        {
            if (_first is null)
            {
                return new(_current, 0, _used);
            }

            Seal();
            return new(_first, 0, _last!, _last!.Memory.Length);
        }
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _current.Length - _used);
        _used += count;
        if (Length > limit)
        {
            throw new BufferLimitException(limit);
        }
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_current.Length - _used < Math.Max(sizeHint, 1))
        {
            var grown = Math.Clamp(2 * _current.Length, SmallestSegment, LargestSegment);
            Seal();
            _current = new byte[Math.Max(grown, sizeHint)];
        }

        return _current.AsMemory(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    // What is left of the current piece is given up.
    private void Seal()
    {
        if (_used == 0)
        {
            return;
        }

        var segment = new Segment(_current.AsMemory(0, _used), _before);
        _last?.Append(segment);
        _last = segment;
        _first ??= segment;
        _before += _used;
        _current = [];
        _used = 0;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public void Append(Segment next) => Next = next;
    }
}
