using System.Buffers;
using FalServerless.Protocol;

namespace FalServerless.Worker.Events;

/// <summary>
/// Bytes in pieces: what is written is never copied to make room for more. Keeps its first piece, so that small values cost nothing at each use.
/// </summary>
internal sealed class SegmentedBuffer(long limit = ProtocolLimits.MaximumBody) : IBufferWriter<byte>
{
    private const int FirstPiece = 16 << 10;
    private const int LargestPiece = ProtocolLimits.Chunk;

    [ThreadStatic]
    private static SegmentedBuffer? _spare;

    private readonly Piece _first = new(FirstPiece);
    private Piece? _last;
    private long _beforeLast;

    public long Length => _beforeLast + Last.Used;

    /// <summary>Good until the next write.</summary>
    public ReadOnlySequence<byte> Written => _last is null || _last == _first ? new(_first.Bytes, 0, _first.Used) : Link();

    private Piece Last => _last ?? _first;

    /// <summary>An empty one. Whoever has it may hand it to another thread.</summary>
    public static SegmentedBuffer Rent()
    {
        var rented = _spare ?? new();
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

    /// <exception cref="TooLargeException">The bytes would be more than the limit.</exception>
    public Span<byte> GetSpan(int sizeHint = 0) => Reserve(sizeHint).Bytes.AsSpan(Last.Used);

    /// <exception cref="TooLargeException">The bytes would be more than the limit.</exception>
    public Memory<byte> GetMemory(int sizeHint = 0) => Reserve(sizeHint).Bytes.AsMemory(Last.Used);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Last.Bytes.Length - Last.Used);
        Last.Used += count;
        if (Length > limit)
        {
            throw new TooLargeException(limit);
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
            throw new TooLargeException(limit);
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
