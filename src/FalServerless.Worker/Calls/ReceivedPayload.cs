using System.Buffers;

namespace FalServerless.Worker.Calls;

/// <summary>
/// The bytes of a call, where they are: in the frame that brought them, or in the pieces that several frames brought, never copied into
/// one.
/// </summary>
internal sealed class ReceivedPayload
{
    private ReadOnlySequence<byte> _lent;
    private Piece? _first;
    private Piece? _last;

    public long Length { get; private set; }

    /// <summary>For a call that is run before the frame's bytes are gone.</summary>
    public void Lend(ReadOnlyMemory<byte> whole)
    {
        _lent = new(whole);
        Length = whole.Length;
    }

    /// <summary>Copies the bytes: a frame's are good until the next one.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var piece = new Piece(bytes.ToArray(), Length);
        _last?.Append(piece);
        _first ??= piece;
        _last = piece;
        Length += bytes.Length;
    }

    /// <summary>Gives all bytes away, so that they do not stay for as long as the body runs.</summary>
    public ReadOnlySequence<byte> Take()
    {
        var taken = _first is null ? _lent : new(_first, 0, _last!, _last!.Memory.Length);
        _lent = default;
        _first = _last = null;
        return taken;
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes, long before)
        {
            Memory = bytes;
            RunningIndex = before;
        }

        public void Append(Piece next) => Next = next;
    }
}
