using System.Buffers;

namespace FalServerless.Transport;

/// <summary>Bytes that were received and not taken yet. It grows with what has come, never with the length that a header claims.</summary>
/// <param name="size">How large it is at first.</param>
/// <param name="largestKept">Once all is taken, a larger one becomes as small as at first.</param>
internal sealed class ReceiveBuffer(int size, int largestKept = int.MaxValue)
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(size);
    private int _start;
    private int _end;

    /// <summary>How many bytes can be taken.</summary>
    public int Length => _end - _start;

    /// <summary>Room for some more bytes; what was taken is no longer valid.</summary>
    /// <param name="wanted">How many will be taken at once.</param>
    public Memory<byte> GetMemory(int wanted)
    {
        if (_start == _end)
        {
            _start = _end = 0;
            if (_bytes.Length > largestKept)
            {
                Resize(size);
            }
        }

        if (_start > 0 && _start + wanted > _bytes.Length)
        {
            _bytes.AsSpan(_start, Length).CopyTo(_bytes);
            _end -= _start;
            _start = 0;
        }

        if (_end == _bytes.Length)
        {
            Resize((int)Math.Min(2L * _bytes.Length, Array.MaxLength));
        }

        return _bytes.AsMemory(_end);
    }

    /// <summary>Adds what was written into the room.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>The next bytes, valid until more room is asked for.</summary>
    public ReadOnlyMemory<byte> Take(int count)
    {
        var taken = _bytes.AsMemory(_start, count);
        _start += count;
        return taken;
    }

    /// <summary>Returns the memory. What was taken must not be read any more.</summary>
    public void Return()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _start = _end = 0;
    }

    private void Resize(int length)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        _bytes.AsSpan(0, _end).CopyTo(bytes);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = bytes;
    }
}
