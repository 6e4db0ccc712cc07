using System.Buffers;

namespace FalServerless.Protocol;

/// <summary>
/// Bytes in pieces: large values are neither copied while they grow nor joined at the end. One that is rented keeps its first piece, so
/// that small values cost nothing at each use.
/// </summary>
internal sealed class SegmentedBuffer(long limit = ProtocolLimits.MaximumBody, int firstPiece = SegmentedBuffer.SmallPiece)
    : IBufferWriter<byte>
{
    private const int SmallPiece = 256;
    private const int KeptPiece = 16 << 10;

    // Below the size from which objects are allocated on the large object heap.
    private const int LargestPiece = ProtocolLimits.Chunk;

    [ThreadStatic]
    private static SegmentedBuffer? _spare;

    private readonly Piece _first = new(firstPiece);
    private Piece? _last;
    private long _beforeLast;

    public long Length => _beforeLast + Last.Used;

    /// <summary>What has been written so far. Later writes do not change it; clearing does.</summary>
    public ReadOnlySequence<byte> Written => _last is null || _last == _first ? new(_first.Bytes, 0, _first.Used) : Link();

    private Piece Last => _last ?? _first;

    /// <summary>An empty buffer. It may be passed on to another thread.</summary>
    public static SegmentedBuffer Rent()
    {
        var rented = _spare ?? new(firstPiece: KeptPiece);
        _spare = null;
        return rented;
    }

    public void Return()
    {
        Clear();
        _spare = this;
    }

    public void Clear()
    {
        _first.Cut();
        _last = null;
        _beforeLast = 0;
    }

    /// <exception cref="BufferLimitException">The bytes would be more than the limit.</exception>
    public Span<byte> GetSpan(int sizeHint = 0) => Reserve(sizeHint).Bytes.AsSpan(Last.Used);

    /// <exception cref="BufferLimitException">The bytes would be more than the limit.</exception>
    public Memory<byte> GetMemory(int sizeHint = 0) => Reserve(sizeHint).Bytes.AsMemory(Last.Used);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Last.Bytes.Length - Last.Used);
        Last.Used += count;
        if (Length > limit)
        {
            throw new BufferLimitException(limit);
        }
    }

    private Piece Reserve(int sizeHint)
    {
        var last = Last;
        var wanted = Math.Max(sizeHint, 1);
        if (last.Bytes.Length - last.Used >= wanted)
        {
            return last;
        }

        if (wanted > limit)
        {
            throw new BufferLimitException(limit);
        }

        _beforeLast += last.Used;
        _last = new(Math.Max(wanted, Math.Min(2 * last.Bytes.Length, LargestPiece)));
        last.Append(_last);
        return _last;
    }

    private ReadOnlySequence<byte> Link()
    {
        for (var piece = _first; piece is not null; piece = piece.Following)
        {
            piece.Show();
        }

        return new(_first, 0, Last, Last.Used);
    }

    private sealed class Piece(int size) : ReadOnlySequenceSegment<byte>
    {
        public byte[] Bytes { get; } = new byte[size];

        public int Used { get; set; }

        public Piece? Following { get; private set; }

        public void Append(Piece next)
        {
            Following = next;
            Next = next;
            next.RunningIndex = RunningIndex + Used;
        }

        public void Show() => Memory = Bytes.AsMemory(0, Used);

        public void Cut()
        {
            Used = 0;
            Following = null;
            Next = null;
        }
    }
}
